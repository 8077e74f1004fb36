/** dbt: `target/run_results.json`, schema versions 3 to 6. Made with 1.11. Models count where they could not be built. */
import { countOf, type ImportedCheck, isObject, type JsonObject, listObjects, textOf } from "./imported-checks.ts";

/** `test.visits.unique_visits_id.f64d73f9db`: kind, project, name, and of a generic test its hash. */
const UNIQUE_ID = /^([a-z_]+)\.[^.]+\.(.+?)(?:\.[0-9a-f]{10})?$/;
const OUTCOMES: Readonly<Record<string, ImportedCheck["outcome"]>> = {
  ...{ pass: "pass", success: "pass", fail: "fail", warn: "warn" },
  ...{ error: "not-run", skipped: "not-run", "runtime error": "not-run" },
};

/** @returns `undefined` for a file of another kind */
export function readDbt(file: unknown): readonly ImportedCheck[] | undefined {
  if (!isObject(file) || !isObject(file["metadata"])) return undefined;
  if (!/\/run-results\//.test(textOf(file["metadata"]["dbt_schema_version"]) ?? "")) return undefined;
  return listObjects(file["results"]).flatMap(readResult);
}

function readResult({ unique_id, status, failures }: JsonObject): readonly ImportedCheck[] {
  const [, kind = "", name = ""] = UNIQUE_ID.exec(textOf(unique_id) ?? "") ?? [];
  const isTest = kind === "test" || kind === "unit_test";
  const outcome = OUTCOMES[textOf(status) ?? ""] ?? "not-run";
  if (!isTest && outcome !== "not-run") return [];
  return [
    { name: isTest ? name : `${kind || "node"} ${name}`.trim(), column: null, outcome, count: countOf(failures) },
  ];
}
