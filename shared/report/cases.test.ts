/** Every `test/cases/report/<name>.json` contains records; `<name>.md` beside it is the comment that they become. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { ReportRecords } from "../core/gate/assert-consistent.ts";
import { dataReport } from "../records/data-report.ts";
import { readRecord } from "../records/read-record.ts";
import { verdict } from "../records/verdict.ts";
import { renderAsGitHub } from "./testing.ts";
import { renderComment } from "./verdict.ts";

const folder = fileURLToPath(new URL("../../test/cases/report/", import.meta.url));
const names = readdirSync(folder).flatMap((file) => (file.endsWith(".json") ? [file.replace(/\.json$/, "")] : []));

function readCase(name: string): ReportRecords {
  const file = `${name}.json`;
  const parts: Partial<Record<"verdict" | "data", unknown>> = JSON.parse(readFileSync(folder + file, "utf8"));
  return {
    verdict: parts.verdict === undefined ? undefined : readRecord(verdict, JSON.stringify(parts.verdict), file),
    data: parts.data === undefined ? undefined : readRecord(dataReport, JSON.stringify(parts.data), file),
  };
}

test.each(names)("%s", async (name) => {
  const context = {
    runUrl: "https://github.example/acme/visits/actions/runs/4711",
    repositoryUrl: "https://github.example/acme/visits",
    head: "5f2c9d1e8b7a60413c2d5e6f708192a3b4c5d6e7",
  };
  const comment = renderComment(readCase(name), context, "<!-- the marker -->");
  await expect(comment).toMatchFileSnapshot(`${folder}${name}.md`);
  expect(renderAsGitHub(comment)).not.toMatch(/(?:<!--|the marker)/);
});
