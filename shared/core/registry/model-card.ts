/** Governance fields from a model card: Markdown that begins with YAML between two lines of `---`. */
import { userError } from "../../problem/problem.ts";
import { readYaml } from "../../text/yaml/read-yaml.ts";

/**
 * @param fields which keys to take; a card has many more
 * @throws ActionError `card-without-front-matter`, or what is wrong in the YAML; codes start with `card-`
 */
export function readModelCard(text: string, file: string, fields: readonly string[]): Readonly<Record<string, string>> {
  const [, yaml] = /^---[ \t]*\r?\n([\s\S]*?)^---[ \t]*(?:\r?\n|$)/m.exec(text.startsWith("---") ? text : "") ?? [];
  if (yaml === undefined) {
    throw userError({
      code: "card-without-front-matter",
      message: "the model card does not begin with YAML between two lines of ---",
      place: { file, line: 1 },
      fix: 'Begin it with "---", the fields, and "---"',
    });
  }
  // A line in place of the first "---", so that line numbers are the card's.
  const { value, placeOf } = readYaml(`\n${yaml}`, file, "card");
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, field]) => {
      if (!fields.includes(name)) return [];
      const told = textOf(field);
      if (told !== undefined) return [[name, told]];
      throw userError({
        code: "card-field-not-text",
        message: `${name} is neither text nor a list of texts`,
        place: placeOf([name]),
        fix: "Write it as text",
      });
    }),
  );
}

function textOf(field: unknown): string | undefined {
  if (field === null) return "";
  if (typeof field === "string" || typeof field === "number") return String(field);
  return Array.isArray(field) && field.every((entry) => typeof entry === "string") ? field.join(", ") : undefined;
}
