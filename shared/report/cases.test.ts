/** Every `test/cases/report/<name>.json` contains records; `<name>.md` beside it is the comment that they become. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { ReportRecords } from "../core/gate/assert-consistent.ts";
import { dataReport } from "../records/data-report.ts";
import { readRecord } from "../records/read-record.ts";
import { verdictRecord } from "../records/verdict.ts";
import { renderAsGitHub, renderComment } from "./testing.ts";

const folder = fileURLToPath(new URL("../../test/cases/report/", import.meta.url));
const names = readdirSync(folder).flatMap((file) => (file.endsWith(".json") ? [file.replace(/\.json$/, "")] : []));

function readCase(name: string): ReportRecords {
  const [file, reader] = [`${name}.json`, "report-metrics"];
  const parts: Partial<Record<"verdict" | "data", unknown>> = JSON.parse(readFileSync(folder + file, "utf8"));
  return {
    verdict:
      parts.verdict === undefined
        ? undefined
        : readRecord(verdictRecord, JSON.stringify(parts.verdict), { file, reader }).record,
    data:
      parts.data === undefined
        ? undefined
        : readRecord(dataReport, JSON.stringify(parts.data), { file, reader }).record,
  };
}

test.each(names)("%s", async (name) => {
  const context = {
    runUrl: "https://github.example/acme/visits/actions/runs/4711",
    repositoryUrl: "https://github.example/acme/visits",
    head: "5f2c9d1e8b7a60413c2d5e6f708192a3b4c5d6e7",
    hasNoPolicy: true,
  };
  const comment = renderComment(readCase(name), context);
  await expect(comment).toMatchFileSnapshot(`${folder}${name}.md`);
  expect(renderAsGitHub(comment)).not.toMatch(/<!--|mlops-actions\/(?:section|comment)/);
});
