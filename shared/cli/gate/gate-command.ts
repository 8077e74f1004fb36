/** The commands about the gate: `gate`, `explain`, `simulate`, `report`. */
import { createWorkspaceFiles } from "../../adapters/files/create-workspace-files.ts";
import { listPastResults, type PastResult, simulateGate } from "../../core/gate/simulate-gate.ts";
import { collectMetrics, readMetrics } from "../../core/metrics/read-metrics.ts";
import { expandGates } from "../../core/policy/expand-gates.ts";
import { readPolicy } from "../../core/policy/read-policy.ts";
import { getModelPolicy } from "../../core/policy/require-model.ts";
import { userError } from "../../problem/problem.ts";
import { readRecord } from "../../records/read-record.ts";
import { type Verdict, verdictRecord } from "../../records/verdict.ts";
import { renderResultPage } from "../../report/page/result-page.ts";
import { renderVerdict } from "../../report/verdict.ts";
import type { CommandContext, CommandResult } from "../command.ts";
import { explainGate, formatGate } from "./format-gate.ts";
import { formatSimulation } from "./format-simulation.ts";
import { type GateOptions, gatherGate, MODEL_OPTION } from "./gather.ts";
import { judgeHere } from "./judge-here.ts";

const READER = "gate-metrics";

/** @param patterns paths or globs of metric files or of a training record */
export async function gate(
  patterns: readonly string[],
  options: GateOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const verdict = judgeHere(await gatherGate(patterns, options, context));
  return { text: formatGate(verdict), value: forPrograms(verdict), code: verdict.outcome === "pass" ? 0 : 1 };
}

/** Of a verdict that a run has written, or of what `gate` would say. */
export async function explain(
  patterns: readonly string[],
  options: GateOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const verdict = (await readVerdict(patterns, context)) ?? judgeHere(await gatherGate(patterns, options, context));
  return { text: explainGate(verdict), value: forPrograms(verdict), code: 0 };
}

/** What the comment says, and the page, of a verdict or of what `gate` would say. */
export async function report(
  patterns: readonly string[],
  options: GateOptions & { readonly out: string },
  context: CommandContext,
): Promise<CommandResult> {
  const verdict = (await readVerdict(patterns, context)) ?? judgeHere(await gatherGate(patterns, options, context));
  const files = createWorkspaceFiles(context.folder);
  const paths = { comment: `${options.out}/comment.md`, page: `${options.out}/report.html` };
  const addition = { body: undefined, plots: [], pictures: new Map() };
  await files.write(paths.comment, renderVerdict({ verdict }));
  await files.write(paths.page, renderResultPage({ verdict }, {}, addition, "The gate on this computer"));
  return { text: `wrote ${paths.comment} and ${paths.page}\n`, value: paths, code: 0 };
}

/** @param patterns metric files or records, oldest first, or one verdict, which carries the values of earlier runs */
export async function simulate(
  patterns: readonly string[],
  { policy: path, model: name }: Pick<GateOptions, "policy" | "model">,
  context: CommandContext,
): Promise<CommandResult> {
  const files = createWorkspaceFiles(context.folder);
  const reading = { reader: READER, model: name, option: MODEL_OPTION } as const;
  const model = getModelPolicy(readPolicy(await files.readText(path), path, reading));
  const verdict = await readVerdict(patterns, context);
  const results = verdict === undefined ? await readResults(patterns, context) : listPastResults(verdict);
  if (results.length < 2)
    throw userError({
      code: "simulate-too-few",
      message: `there are ${results.length} earlier results, and a simulation needs two`,
      fix: "Name metric files, oldest first, or the newest verdict.json of the default branch",
    });
  const simulation = simulateGate(expandGates(model), results, model.statistics);
  return { text: formatSimulation(simulation), value: simulation, code: 0 };
}

async function readResults(patterns: readonly string[], { folder }: CommandContext): Promise<readonly PastResult[]> {
  const files = createWorkspaceFiles(folder);
  const results: PastResult[] = [];
  // In the order in which they are named: a glob is sorted by name.
  for (const pattern of patterns) {
    for (const name of await files.list([pattern]))
      results.push({ name, metrics: collectMetrics([readMetrics(await files.readText(name), name, READER)]) });
  }
  return results;
}

/** @returns `undefined` when the files are something else */
async function readVerdict(
  [path, ...others]: readonly string[],
  { folder }: CommandContext,
): Promise<Verdict | undefined> {
  const files = createWorkspaceFiles(folder);
  if (path === undefined || others.length > 0 || !path.endsWith(".json") || !(await files.exists(path)))
    return undefined;
  const text = await files.readText(path);
  return /"schema"\s*:\s*"mlops-actions\/verdict@/.test(text)
    ? readRecord(verdictRecord, text, { file: path, reader: READER }).record
    : undefined;
}

/** Without what would make it look like the record of a run. */
function forPrograms({ outcome, policy, baseline, rulings, metrics, notes }: Verdict): unknown {
  return { outcome, policy: policy && { path: policy.path, digest: policy.digest }, baseline, rulings, metrics, notes };
}
