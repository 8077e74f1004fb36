/**
 * gate-metrics as a whole process: fifty rules with a baseline, of which half learn their noise, on the local GitHub. Wall time, and
 * the CPU time of the process, which says more on a busy machine.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startLocalGitHub } from "@mlops-actions/localhub";
import { createTrainingRecordJson, TRAIN_WORKFLOW_FILES } from "../../shared/adapters/baseline/testing.ts";
import { buildActions, root } from "../bundle/built-actions.ts";
import { openPullRequest } from "../fixture/open-pull-request.ts";
import { spawnAction } from "../fixture/spawn-action.ts";
import { logMachine, logTiming, measureMedian } from "./benchmark.ts";

const RULES = 50;
const names = Array.from({ length: RULES }, (_, at) => `metric_${at}`);
const rule = (metric: string, at: number): string =>
  `  - { metric: ${metric}, better: lower, max: 9, max-regression: ${at % 2 === 0 ? "1%" : "auto"}, on-inconclusive: pass }`;
const policy = `version: 2\ngates:\n${names.map(rule).join("\n")}\n`;
const metrics = Object.fromEntries(names.map((name) => [name, 2]));

buildActions();
const hub = await startLocalGitHub({
  ...{ limits: "off", people: { alice: "write" } },
  files: { ...TRAIN_WORKFLOW_FILES, ".github/mlops.yml": policy, "record.json": createTrainingRecordJson(metrics) },
});
await hub.push({ files: { "a.txt": "a" } });
await hub.waitUntilIdle();
const { merge, event } = await openPullRequest(hub, { branch: "b", files: { "b.txt": "b" }, message: "b [skip ci]" });
const files = { "training-record.json": createTrainingRecordJson(metrics, { commit: merge }) };
const inputs = { metrics: "training-record.json", record: "verdict.json", "first-run": "fail", baseline: "base" };
const entry = join(root, "actions/gate-metrics/dist/index.js");

/** Of the children that have ended, in seconds (proc(5): cutime and cstime, in ticks of 10 ms). */
function childrenCpu(): number {
  const fields = readFileSync("/proc/self/stat", "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

const cpu: number[] = [];
logMachine();
const wall = await measureMedian(9, async () => {
  const before = childrenCpu();
  const more = { "baseline-artifact": "training-record", token: hub.tokenWith({ contents: "read", actions: "read" }) };
  const { code, log, milliseconds } = await spawnAction(entry, {
    hub,
    event,
    files,
    run: { id: 1 },
    inputs: { ...inputs, ...more },
  });
  if (code !== 0) throw new Error(`it ended with ${code}: ${log}`);
  cpu.push((childrenCpu() - before) * 1000);
  return milliseconds;
});
logTiming(`gate-metrics, ${2 * RULES} rules in ${RULES} gates, wall`, wall, 350);
logTiming("the same, CPU", cpu.toSorted((a, b) => a - b)[Math.floor(cpu.length / 2)] ?? Number.NaN, 350);
await hub.close();
