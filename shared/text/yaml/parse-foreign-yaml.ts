/** Reads YAML that belongs to other programs, as leniently as they do: it cannot be changed for this suite. */
import { parseDocument } from "yaml";

/** @returns `undefined` for what is too long, has too many aliases or cannot be read */
export function parseForeignYaml(source: string, maxLength: number): unknown {
  if (source.length > maxLength) return undefined;
  try {
    const document = parseDocument(source, { version: "1.2", schema: "core" });
    return document.errors.length > 0 ? undefined : document.toJS({ maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}
