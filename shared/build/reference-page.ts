/** The page of an action under `docs/reference/`. */
import type { ActionSpec } from "../action/spec.ts";
import { renderTables } from "./tables.ts";

const HEADINGS: Readonly<Record<string, string>> = {
  usage: "Use",
  permissions: "Permissions",
  inputs: "Inputs",
  outputs: "Outputs",
  "exit-codes": "Exit codes",
};

export function renderReferencePage(spec: ActionSpec): string {
  const tables = renderTables(spec);
  const sections = Object.entries(HEADINGS).map(([name, heading]) => `## ${heading}\n\n${tables[name]}\n`);
  const renamed = Object.entries(spec.renamed).map(([old, name]) => `* \`${old}\` is now \`${name}\``);
  return [
    `<!-- Generated from actions/${spec.name}/spec.ts by "npm run generate". -->`,
    `# ${spec.name}\n`,
    `${spec.summary}. Why and how: [its README](../../actions/${spec.name}/README.md).\n`,
    ...sections,
    ...(renamed.length > 0 ? [`## Renamed inputs\n\n${renamed.join("\n")}\n`] : []),
  ].join("\n");
}
