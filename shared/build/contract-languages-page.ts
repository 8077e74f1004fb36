/** The page of contract languages: each keyword, and what becomes of it. */

import {
  PROPERTY_KEYWORDS as JSON_PROPERTY,
  SCHEMA_KEYWORDS as JSON_SCHEMA,
} from "../core/data/languages/json-schema.ts";
import type { Keyword, KeywordTable } from "../core/data/languages/keyword.ts";
import { OPTION_KEYWORDS, PROPERTY_KEYWORDS, TABLE_KEYWORDS } from "../core/data/languages/odcs.ts";
import {
  CONSTRAINT_KEYWORDS,
  DIALECT_KEYWORDS,
  FIELD_KEYWORDS,
  SCHEMA_KEYWORDS,
} from "../core/data/languages/table-schema.ts";

const INTRODUCTION = `<!-- Generated from shared/core/data/languages by "npm run generate". -->
# Contracts in other languages

check-data reads a contract in the language your team has: its \`contract\` may be a file of the Open Data Contract Standard (3.x), a
JSON Schema of one row (2020-12, 2019-09, draft-07), or a Table Schema of Frictionless, alone or in a data package with one resource. It
is turned into the checks of [this suite's own form](../../actions/check-data/README.md), and what is wrong with it is told at its place.

What a contract asks and these tables call *skipped*, and every keyword that they do not name, is not checked: the job summary and
\`skipped\` in the record say so. A value that a keyword cannot have here (a \`multipleOf\` of 3, for example) is skipped as well.
`;

const SECTIONS: readonly (readonly [string, readonly (readonly [string, KeywordTable])[]])[] = [
  [
    "JSON Schema",
    [
      ["the schema", JSON_SCHEMA],
      ["a property", JSON_PROPERTY],
    ],
  ],
  [
    "Table Schema",
    [
      ["the schema", SCHEMA_KEYWORDS],
      ["a field", FIELD_KEYWORDS],
      ["`constraints`", CONSTRAINT_KEYWORDS],
      ["`dialect` of a resource", DIALECT_KEYWORDS],
    ],
  ],
  [
    "Open Data Contract Standard",
    [
      ["a table", TABLE_KEYWORDS],
      ["a property", PROPERTY_KEYWORDS],
      ["`logicalTypeOptions`", OPTION_KEYWORDS],
    ],
  ],
];

const QUALITY = `
Of \`quality\`, the library's \`rowCount\`, \`nullValues\`, \`duplicateValues\` and \`invalidValues\` are checked where they must be 0 or, in
percent, at most a share; rules of type \`text\` are documentation; \`sql\` and \`custom\` are never run.
`;

export function renderContractLanguagesPage(): string {
  const sections = SECTIONS.map(([language, tables]) => {
    const rows = tables.flatMap(([part, table]) =>
      Object.entries(table).map(([name, keyword]) => row(part, name, keyword)),
    );
    return `\n## ${language}\n\n| Of | Keyword | |\n|---|---|---|\n${rows.join("\n")}\n`;
  });
  return `${INTRODUCTION}${sections.join("")}${QUALITY}`;
}

const row = (part: string, name: string, keyword: Keyword): string =>
  `| ${part} | \`${name}\` | ${describe(keyword)} |`;

function describe(keyword: Keyword): string {
  switch (keyword.kind) {
    case "checked":
      return keyword.as === "" ? "checked" : `checked, as ${keyword.as}`;
    case "documentation":
      return "documentation";
    case "skipped":
      return `skipped: ${keyword.reason}`;
  }
}
