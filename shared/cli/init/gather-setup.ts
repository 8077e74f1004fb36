/** Looks at a folder: how it trains, what it measures, which data it has. */
import { createWorkspaceFiles } from "../../adapters/files/create-workspace-files.ts";
import type { WorkspaceFiles } from "../../adapters/files/workspace-files.ts";
import { createGitCheckout, type WorkingTree } from "../../adapters/git/git-checkout.ts";
import { guessDirection } from "../../core/metrics/metric-direction.ts";
import { readMetrics } from "../../core/metrics/read-metrics.ts";
import { suggestGates, suggestPolicy } from "../../core/policy/suggest-policy.ts";
import { baseNameOf, type FolderFacts } from "../../core/setup/folder-facts.ts";
import { findWrittenResult, listDataFiles, listResultFiles } from "../../core/setup/guess-files.ts";
import { guessTraining, type TrainingGuess } from "../../core/setup/guess-training.ts";
import { ActionError, userError } from "../../problem/problem.ts";
import type { CommandContext } from "../command.ts";

export interface FoundSetup {
  readonly files: WorkspaceFiles;
  readonly branch: string;
  readonly training: TrainingGuess | undefined;
  /** Why, for each guess. */
  readonly reasons: readonly string[];
  /** Path of a metrics file; it may not be there yet. */
  readonly metrics: string;
  /** CSV files of which a contract can be drafted. */
  readonly data: readonly string[];
}

/** What says how a project works, and scripts that may name what they write. */
const TOLD_IN =
  /^(?:Makefile|package\.json|(?:[\w.-]+\/){0,2}(?:\w*train\w*|fit\w*|eval\w*)\.(?:py|mjs|js|ts|R|jl|ipynb))$/i;
const MAX_TEXTS = 20;
const MAX_TEXT_BYTES = 1_000_000;
/** Files that look like results are opened until one is: most of the names say it. */
const MAX_TRIES = 20;
/** A larger one takes longer to read than the rest of the command. */
const MAX_DATA_BYTES = 30_000_000;

export async function gatherSetup({ folder, signal }: CommandContext): Promise<FoundSetup> {
  const files = createWorkspaceFiles(folder);
  const tree = await createGitCheckout(folder, signal).readWorkingTree();
  assertRoot(tree);
  const facts = await readFacts(files, tree);
  const training = guessTraining(facts);
  const measured = await findMetrics(files, facts);
  const data = await listContractData(files, facts);
  return {
    ...{ files, branch: tree.branch ?? "main", training: training?.value, metrics: measured.path, data },
    reasons: [
      `training: ${training?.because ?? "nothing here says how it is started"}`,
      `metrics: ${measured.because}`,
      `data: ${data.length === 0 ? "no CSV file of up to 30 MB is in git" : data.join(", ")}`,
    ],
  };
}

/** @returns the gates of a first policy; `undefined` when the file cannot be read or has nothing to gate */
export async function draftGates(files: WorkspaceFiles, path: string): Promise<string | undefined> {
  const measured = await tryMetrics(files, path);
  if (measured === undefined) return undefined;
  const gates = suggestGates(
    measured.map(({ name, slice, value }) => ({
      ...{ name, slice, candidate: value },
      better: guessDirection(name),
    })),
  );
  return suggestPolicy([{ key: path, gates }])?.text;
}

function assertRoot(tree: WorkingTree | undefined): asserts tree is WorkingTree {
  if (tree?.isRoot) return;
  throw userError({
    code: "init-not-at-root",
    message:
      tree === undefined ? "this folder is in no git repository" : "this folder is not the root of its repository",
    fix:
      tree === undefined ? "Start it in a clone, or run git init first" : "Start it in the folder above that has .git",
  });
}

async function readFacts(files: WorkspaceFiles, { tracked }: WorkingTree): Promise<FolderFacts> {
  const texts = new Map<string, string>();
  for (const path of tracked.filter((each) => TOLD_IN.test(each)).slice(0, MAX_TEXTS)) {
    const text = await files.readText(path, MAX_TEXT_BYTES).catch(ignoreUnreadable);
    if (text !== undefined) texts.set(path, text);
  }
  const known = new Set(tracked);
  const untracked = [];
  // What a training wrote is often ignored by git. It is looked for where it usually lies: a deep walk would read all of .venv.
  for (const pattern of ["*metric*", "*/*metric*", "*result*", "*/*result*", "*score*", "*/*score*"]) {
    const found = await files.list([pattern]).catch(ignoreUnreadable);
    untracked.push(...(found ?? []).filter((path) => !known.has(path)));
  }
  return { paths: tracked, untracked, texts };
}

async function findMetrics(
  files: WorkspaceFiles,
  facts: FolderFacts,
): Promise<{ readonly path: string; readonly because: string }> {
  for (const path of listResultFiles(facts).slice(0, MAX_TRIES)) {
    const metrics = await tryMetrics(files, path);
    if (metrics === undefined) continue;
    const names = metrics.map(({ name }) => name);
    const shown = [...new Set(names)].slice(0, 3).join(", ");
    return {
      path,
      because: `${path} has ${metrics.length} ${metrics.length === 1 ? "number" : "numbers"}: ${shown}${names.length > 3 ? ", …" : ""}`,
    };
  }
  const written = findWrittenResult(facts);
  if (written !== undefined) return { path: written.path, because: `${written.script} names ${written.path}` };
  return { path: "metrics.json", because: "no file with results is here; let the training write metrics.json" };
}

const tryMetrics = async (files: WorkspaceFiles, path: string) => {
  try {
    return readMetrics(await files.readText(path, MAX_TEXT_BYTES), path, "init").metrics;
  } catch (error) {
    return ignoreUnreadable(error);
  }
};

/** Only CSV: a contract is drafted from it. */
async function listContractData(files: WorkspaceFiles, facts: FolderFacts): Promise<readonly string[]> {
  const small = [];
  for (const path of listDataFiles(facts)
    .filter((each) => baseNameOf(each).endsWith(".csv"))
    .slice(0, MAX_TRIES)) {
    const size = await files.sizeOf(path).catch(ignoreUnreadable);
    if (size !== undefined && size > 0 && size <= MAX_DATA_BYTES) small.push(path);
  }
  return small;
}

/** What cannot be read is no guess; what is wrong with it is said by the action that needs it. */
function ignoreUnreadable(error: unknown): undefined {
  if (!(error instanceof ActionError)) throw error;
}
