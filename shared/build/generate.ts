/** `node shared/build/generate.ts [--check]`: writes the generated files, or shows which are out of date and fails. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { NOT_SUPPORTED_YET } from "../core/policy/not-supported-yet.ts";
import { policy1 } from "../core/policy/policy-1.ts";
import { policy2 } from "../core/policy/policy-2.ts";
import { ROOT_ACTION, renderActionYml } from "./action-yml.ts";
import { renderContractLanguagesPage } from "./contract-languages-page.ts";
import { findActions } from "./find-actions.ts";
import { buildJsonSchemas } from "./json-schemas.ts";
import { diffLines } from "./line-diff.ts";
import { renderNeededPermissions } from "./needed-permissions.ts";
import { renderRecordsPage } from "./records-page.ts";
import { renderReferencePage } from "./reference-page.ts";
import { fillKeysTable } from "./schema-keys.ts";
import { fillTables } from "./tables.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const [option, ...more] = process.argv.slice(2);
const check = option === "--check";
if ((option !== undefined && !check) || more.length > 0) {
  console.error(`generate: unknown option ${more[0] ?? option}; there is only --check`);
  process.exit(1);
}

function textOf(path: string): string {
  try {
    return readFileSync(join(root, path), "utf8").replaceAll("\r\n", "\n");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

const generated = new Map<string, string>();
const actions = await findActions(root);
for (const { spec, folder } of actions) {
  generated.set(`${folder}/action.yml`, renderActionYml(spec));
  if (spec.name === ROOT_ACTION)
    generated.set("action.yml", renderActionYml(spec, { name: "mlops-actions", dist: `${folder}/dist` }));
  generated.set(`${folder}/README.md`, fillTables(spec, textOf(`${folder}/README.md`)));
  generated.set(`docs/reference/${spec.name}.md`, renderReferencePage(spec));
}
const schemas = buildJsonSchemas();
for (const [name, schema] of Object.entries(schemas)) {
  generated.set(`shared/schemas/${name}.json`, `${JSON.stringify(schema, undefined, 2)}\n`);
}

generated.set("docs/reference/contract-languages.md", renderContractLanguagesPage());
generated.set("shared/core/doctor/needed-permissions.ts", renderNeededPermissions(actions));
generated.set("docs/reference/records.md", renderRecordsPage(schemas));

const policyPage = "docs/reference/policy.md";
const pending = NOT_SUPPORTED_YET.flatMap(({ key, when }) => (when === undefined ? [key] : []));
generated.set(policyPage, fillKeysTable(textOf(policyPage), { schema: policy2, before: policy1, pending }));

const stale = [...generated].filter(([path, text]) => textOf(path) !== text);
for (const [path, text] of stale) {
  if (check) {
    console.log(diffLines(path, textOf(path), text));
    continue;
  }
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  console.log(`wrote ${path}`);
}
if (check && stale.length > 0) {
  console.log(
    `\nout of date: ${stale.length} of ${generated.size} generated files. Run "npm run generate" and commit what it writes.`,
  );
  process.exitCode = 1;
}
