/** Reads a result file of another tool, and makes findings of it. */
import { type Problem, userError } from "../../../problem/problem.ts";
import type { DataReport } from "../../../records/data-report.ts";
import { readJson } from "../../../text/json/read-json.ts";
import { readDbt } from "./dbt.ts";
import { readGreatExpectations } from "./great-expectations.ts";
import type { ImportedCheck, ImportedChecks, Tool } from "./imported-checks.ts";
import { readPandera } from "./pandera.ts";

const READERS: readonly (readonly [Tool, (file: unknown) => readonly ImportedCheck[] | undefined])[] = [
  ["dbt", readDbt],
  ["great-expectations", readGreatExpectations],
  ["pandera", readPandera],
];
const TITLES: Readonly<Record<Tool, string>> = {
  "great-expectations": "Great Expectations",
  pandera: "pandera",
  dbt: "dbt",
};
const HOW =
  "Write the result of Great Expectations (to_json_dict or json), the message of pandera's SchemaErrors, or dbt's run_results.json";

/** @throws ActionError `results-unknown`, `results-empty`, and `results-…` with line and column for what is no JSON */
export function readResults(text: string, path: string): ImportedChecks {
  const file: unknown = readJson(text, path, "results", { nonFinite: "keep" }).value;
  for (const [tool, read] of READERS) {
    const checks = read(file);
    if (checks === undefined) continue;
    if (checks.length > 0) return { tool, checks };
    throw userError({
      code: "results-empty",
      message: `${TITLES[tool]} has checked nothing: a file without a check has not passed`,
      place: { file: path },
      fix: "Find out why no check was run",
    });
  }
  throw userError({
    code: "results-unknown",
    message: "it is no result of a tool that is known here",
    place: { file: path },
    fix: HOW,
  });
}

/** Longer names are of generated checks, and are cut. */
const MAX_NAME = 200;

/** One finding for each check that does not hold. */
export function recordResults(path: string, { tool, checks }: ImportedChecks): DataReport["findings"] {
  return checks
    .filter(({ outcome }) => outcome !== "pass")
    .map(({ name, column, outcome, count }) => ({
      ...{ check: "imported", file: path, column, line: null, count: count ?? 1, tool },
      message: `${cut(name)} ${outcome === "not-run" ? "was not run" : "does not hold"}`,
      ...(outcome === "warn" && { severity: "warn" as const }),
    }));
}

/** `results.json: 9 checks of Great Expectations, 2 do not hold` */
export function describeResults(path: string, { tool, checks }: ImportedChecks): string {
  const broken = checks.filter(({ outcome }) => outcome !== "pass").length;
  const hold = broken === 0 ? "all hold" : `${broken} ${broken === 1 ? "does" : "do"} not hold`;
  return `${path}: ${checks.length} ${checks.length === 1 ? "check" : "checks"} of ${TITLES[tool]}, ${hold}`;
}

/** As users see it. */
export function toResultProblem({ tool, file, column, message, count }: DataReport["findings"][number]): Problem {
  const times = count > 1 ? `; ${count} times` : "";
  return {
    code: "data-imported",
    message: `${column === null ? "" : `${column}: `}${message}${times}`,
    place: { file },
    fix: `Correct the data, or the check in ${TITLES[tool as Tool] ?? "its tool"}`,
  };
}

const cut = (name: string): string => {
  const letters = [...name];
  return letters.length <= MAX_NAME ? name : `${letters.slice(0, MAX_NAME).join("")}…`;
};
