/** What check-data found as SARIF 2.1.0, which GitHub's code scanning and editors show at the lines. */
import type { FindingProblem } from "../core/data/build-data-report.ts";

const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

/** Names lines and columns, as findings do, and no value. */
export function renderDataSarif(findings: readonly FindingProblem[]): string {
  const rules = new Map(findings.map(({ problem }) => [problem.code, problem.fix]));
  const sarif = {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "check-data",
            rules: [...rules].map(([id, fix]) => ({ id, help: { text: fix } })),
          },
        },
        results: findings.map(({ severity, problem: { code, message, place } }) => ({
          ruleId: code,
          level: severity === "warn" ? "warning" : "error",
          message: { text: message },
          ...(place !== undefined && { locations: [toLocation(place)] }),
        })),
      },
    ],
  };
  return `${JSON.stringify(sarif, undefined, 2)}\n`;
}

/** A path becomes part of a URI: each name is encoded, so that none has a scheme, a query or a fragment. */
const toLocation = ({ file, line }: { readonly file: string; readonly line?: number | undefined }) => ({
  physicalLocation: {
    artifactLocation: { uri: file.split("/").map(encodeName).join("/") },
    ...(line !== undefined && { region: { startLine: line } }),
  },
});

/** Half of a surrogate pair, which no file name in UTF-8 has, cannot be encoded. */
const encodeName = (name: string): string => encodeURIComponent(name.toWellFormed());
