/** The tables of an action's README and reference page, and how they are put between their markers. */

import { EXIT_CODE } from "../action/report-failure.ts";
import type { ActionSpec } from "../action/spec.ts";

/** Every table by the name of its marker: `<!-- generated:inputs -->`. */
export function renderTables(spec: ActionSpec): Readonly<Record<string, string>> {
  return {
    usage: usage(spec),
    inputs: inputs(spec),
    outputs: outputs(spec),
    permissions: permissions(spec),
    "exit-codes": EXIT_CODES,
  };
}

/**
 * Puts each table between its markers, adding the closing one where it is missing.
 * @throws Error for a marker that names no table
 */
export function fillTables(spec: ActionSpec, readme: string): string {
  const tables = renderTables(spec);
  const marker = /<!-- generated:([a-z-]+) -->(?:(?:(?!<!-- generated:)[\s\S])*?<!-- \/generated:\1 -->)?/g;
  return readme.replaceAll(marker, (_, name: string) => {
    const table = tables[name];
    if (table === undefined) {
      const known = Object.keys(tables).join(", ");
      throw new Error(`actions/${spec.name}/README.md: nothing is generated for "${name}"; known: ${known}`);
    }
    return `<!-- generated:${name} -->\n${table}\n<!-- /generated:${name} -->`;
  });
}

/** A step with its required inputs. */
function usage(spec: ActionSpec): string {
  const required = Object.entries(spec.inputs).filter(([, input]) => input.default === undefined);
  const given = required.flatMap(([name, input]) => inYaml(name, input.example ?? "…"));
  const step = [
    `- uses: OWNER/mlops-actions/actions/${spec.name}@v1`,
    ...(given.length > 0 ? ["  with:", ...given.map((line) => `    ${line}`)] : []),
  ];
  return fenced("yaml", step.join("\n"));
}

const inYaml = (name: string, value: string): readonly string[] =>
  value.includes("\n") ? [`${name}: |`, ...value.split("\n").map((line) => `  ${line}`)] : [`${name}: ${value}`];

function inputs(spec: ActionSpec): string {
  const rows = Object.entries(spec.inputs).map(([name, input]) => [
    `\`${name}\``,
    cell(input.doc),
    input.default === undefined ? "**required**" : input.default === "" ? "" : code(input.default),
    input.example === undefined ? "" : code(input.example),
  ]);
  return table(["Input", "Meaning", "Default", "Example"], rows, "No inputs.");
}

function outputs(spec: ActionSpec): string {
  const rows = Object.entries(spec.outputs).map(([name, output]) => [
    `\`${name}\``,
    cell(output.doc) + (output.choices ? `. One of ${output.choices.map(code).join(", ")}` : ""),
    output.onFailure === "" ? "empty" : code(output.onFailure),
  ]);
  return table(["Output", "Meaning", "When the action fails"], rows, "No outputs.");
}

function permissions(spec: ActionSpec): string {
  const lines = Object.entries(spec.permissions).map(
    ([name, { access, reason }]) => `  ${name}: ${access} # ${reason}`,
  );
  return fenced("yaml", lines.length > 0 ? ["permissions:", ...lines].join("\n") : "permissions: {}");
}

const EXIT_CODES = table(
  ["Exit code", "Meaning"],
  [
    [`\`${EXIT_CODE.ok}\``, "Success"],
    [
      `\`${EXIT_CODE.failed}\``,
      "A check failed, or there is an error that you can fix: the log says what, where and how",
    ],
    [`\`${EXIT_CODE.refused}\``, "Refused: everything is well formed, but not permitted"],
    [`\`${EXIT_CODE.bug}\``, "A bug in the action"],
    [`\`${EXIT_CODE.cancelled}\``, "The job was cancelled"],
  ],
  "",
);

function table(head: readonly string[], rows: readonly (readonly string[])[], empty: string): string {
  if (rows.length === 0) return empty;
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll(/\s*\n\s*/g, " ");
const code = (text: string): string => `\`${cell(text)}\``;
const fenced = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``;
