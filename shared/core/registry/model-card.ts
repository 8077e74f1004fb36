/** Governance fields from a model card: Markdown that starts with YAML between two lines of `---`. */
import { userError } from "../../problem/problem.ts";
import { readYaml } from "../../text/yaml/read-yaml.ts";

/** From a first line of `---` to the next one. */
const FRONT_MATTER = /^---[ \t]*\r?\n(?:([\s\S]*?)\r?\n)?---[ \t]*(?:\r?\n|$)/;

/**
 * @param fields which keys to read; a card has many more
 * @throws ActionError `card-without-front-matter`, or the problems of the YAML; their codes start with `card-`
 */
export function readModelCard(text: string, file: string, fields: readonly string[]): Readonly<Record<string, string>> {
  const frontMatter = FRONT_MATTER.exec(text);
  if (frontMatter === null) {
    throw userError({
      code: "card-without-front-matter",
      message: "the model card does not start with YAML between two lines of ---",
      place: { file, line: 1 },
      fix: 'Start it with a line "---", the fields, and a line "---"',
    });
  }
  const [, yaml = ""] = frontMatter;
  // An empty line in place of the first "---", so that line numbers are those of the card.
  const { value, placeOf } = readYaml(`\n${yaml}`, file, "card");
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, field]) => {
      if (!fields.includes(name)) return [];
      const text = fieldText(field);
      if (text !== undefined) return [[name, text]];
      throw userError({
        code: "card-field-not-text",
        message: `${name} is neither a text nor a list of texts`,
        place: placeOf([name]),
        fix: "Write it as a text",
      });
    }),
  );
}

function fieldText(field: unknown): string | undefined {
  if (field === null) return "";
  if (typeof field === "string" || typeof field === "number") return String(field);
  return Array.isArray(field) && field.every((entry) => typeof entry === "string") ? field.join(", ") : undefined;
}
