import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FILES } from "../../shared/core/doctor/testing.ts";
import { playAction } from "../../test/fixture/play-action.ts";
import { connect } from "./connect.ts";
import { run } from "./run.ts";
import { spec } from "./spec.ts";

let hub: LocalGitHub;
beforeAll(async () => {
  hub = await startLocalGitHub();
  await hub.push({ files: { "README.md": "model" } });
});
afterAll(() => hub.close());

const files = {
  ".github/workflows/pull-request.yml": FILES["pull-request.yml"],
  ".github/workflows/promote.yml": FILES["promote.yml"],
  ".github/mlops.yml": FILES["mlops.yml"],
  ".github/CODEOWNERS": FILES.CODEOWNERS,
  "contracts/visits.yml": "version: 1\ncolumns: [{ name: id, type: integer }]\n",
};
const play = (inputs: Readonly<Record<string, string>> = {}, changed: Readonly<Record<string, string>> = {}) =>
  playAction(spec, run, connect, { hub, files: { ...files, ...changed }, inputs });

test("a repository whose gate nobody requires fails, and the summary has place and fix of each finding", async () => {
  const { exitCode, outputs, summary, errorCodes } = await play();
  expect(exitCode).toBe(1);
  expect(outputs).toMatchObject({ level: "advisory" });
  expect(Number(outputs.errors)).toBeGreaterThan(2);
  expect(errorCodes).toContain("doctor-check-not-required");
  expect(errorCodes.at(-1)).toBe("doctor-findings");
  expect(summary).toMatch(/^### The gate is advisory: \d+ errors, \d+ warnings?, 0 notes\n/);
  expect(summary).toContain("| ❌ |");
});

test("it may only look", async () => {
  const { exitCode, errorCodes, outputs } = await play({ "fail-on": "never" });
  expect([exitCode, errorCodes]).toEqual([0, []]);
  expect(Number(outputs.errors)).toBeGreaterThan(2);
});

test("what others wrote in a workflow is shown as text", async () => {
  const { summary } = await play(
    {},
    { ".github/workflows/x.yml": 'on: push\njobs:\n  "@all <b>":\n    secrets: inherit\n    uses: "[a](http://x)"\n' },
  );
  // Mentions and links are in code spans, where GitHub makes nothing of them.
  expect(summary).toContain('the job `"@all` &#60;b&#62;" hands every secret of the repository to `[a](http://x)`');
});

test("a workflow that is no YAML is an error with its place", async () => {
  const { exitCode, errorCodes } = await play({}, { ".github/workflows/x.yml": "on: [\n" });
  expect(exitCode).toBe(1);
  expect(errorCodes).toContain("workflow-not-yaml");
});
