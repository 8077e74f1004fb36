/** `init`: looks at a repository and writes the files of its first pull request. */
import { baseNameOf } from "../../core/setup/folder-facts.ts";
import type { TrainingGuess } from "../../core/setup/guess-training.ts";
import { type ActionSource, type SetupContract, type SetupFile, writeSetup } from "../../core/setup/write-setup.ts";
import { userError } from "../../problem/problem.ts";
import { type CommandContext, type CommandResult, printable } from "../command.ts";
import { infer } from "../contract-command.ts";
import { draftGates, type FoundSetup, gatherSetup } from "./gather-setup.ts";

export interface InitOptions {
  /** Takes every guess, and asks nothing. */
  readonly yes: boolean;
  /** `owner/name@ref`; empty: the release that this program is of. */
  readonly actions: string;
}

/** What is answered to say no. */
const NONE = "-";

export async function init({ yes, actions }: InitOptions, context: CommandContext): Promise<CommandResult> {
  const source = readSource(actions) ??
    readSource(context.release ?? "") ?? { repository: "OWNER/mlops-actions", ref: "v1" };
  const found = await gatherSetup(context);
  const ask = yes ? undefined : context.ask;
  const answers = ask === undefined ? guesses(found) : await askAll(found, ask);
  const [first] = answers.metrics;
  const setup = writeSetup({
    ...{ source, branch: found.branch, training: answers.training, metrics: answers.metrics },
    contract: await draftContract(answers.data, context),
    gates: first === undefined ? undefined : await draftGates(found.files, first),
  });
  const written = await writeNew(found, setup);
  return {
    text: formatResult(found, written, source),
    value: { reasons: found.reasons, files: written, source },
    code: 0,
  };
}

interface Answers {
  readonly training: TrainingGuess;
  readonly metrics: readonly string[];
  /** Empty: no contract. */
  readonly data: string;
}

function guesses({ training, metrics, data: [first = ""] }: FoundSetup): Answers {
  if (training !== undefined) return { training, metrics: [metrics], data: first };
  throw userError({
    code: "init-training-unknown",
    message: "nothing here says how the model is trained",
    fix: "Start it without --yes in a terminal, and write the command; or add a file such as train.py",
  });
}

async function askAll(found: FoundSetup, ask: (question: string, guess: string) => Promise<string>): Promise<Answers> {
  const { training, metrics, data } = found;
  const command = await ask("Which command trains the model?", training?.command ?? "");
  if (command === "")
    throw userError({
      code: "init-training-unknown",
      message: "no command was written",
      fix: "Write the one that you train with",
    });
  const result = await ask("Which files does it write its results to? (several: separated by spaces)", metrics);
  const checked = await ask(`Which CSV file should be checked before training? (${NONE}: none)`, data[0] ?? NONE);
  return {
    training: { install: training?.install, runtime: training?.runtime ?? "other", command },
    metrics: result.split(/\s+/).filter((path) => path !== ""),
    data: checked === NONE ? "" : checked,
  };
}

async function draftContract(path: string, context: CommandContext): Promise<SetupContract | undefined> {
  if (path === "") return undefined;
  const { text } = await infer(path, context);
  return { path: `contracts/${baseNameOf(path).replace(/\.[^.]*$/, "")}.yml`, files: [path], text };
}

interface WrittenFile {
  readonly path: string;
  /** What was there stays as it is. */
  readonly state: "written" | "kept";
}

async function writeNew({ files }: FoundSetup, setup: readonly SetupFile[]): Promise<readonly WrittenFile[]> {
  const written: WrittenFile[] = [];
  for (const { path, text } of setup) {
    const isThere = await files.exists(path);
    if (!isThere) await files.write(path, text);
    written.push({ path, state: isThere ? "kept" : "written" });
  }
  return written;
}

function formatResult({ reasons }: FoundSetup, written: readonly WrittenFile[], source: ActionSource): string {
  const kept = written.filter(({ state }) => state === "kept");
  const steps = [
    ...(source.repository.startsWith("OWNER/")
      ? [
          "Replace OWNER by the account that publishes mlops-actions, or start it again with --actions <owner/name@ref>.",
        ]
      : []),
    ...(kept.length > 0 ? ["What was kept was there before: take out of it what you want made anew."] : []),
    "Read each file: bounds in a contract and limits in a policy are drafts from what is here today.",
    "Commit them on a branch and open a pull request: its comment shows what they say.",
    "mlops-actions doctor says which level of trust this gives, and what is missing for more.",
  ];
  return [
    ...reasons,
    "",
    ...written.map(({ path, state }) => `${state.padEnd(8)}${path}`),
    "",
    "Next:",
    ...steps.map((step, index) => `  ${index + 1}. ${step}`),
    "",
  ]
    .map(printable)
    .join("\n");
}

/**
 * @param text `owner/name@ref`, and after a blank what people call it
 * @returns `undefined` when nothing was named
 * @throws ActionError `init-actions-unknown`
 */
function readSource(text: string): ActionSource | undefined {
  if (text === "") return undefined;
  const [, repository, ref, version] =
    /^([A-Za-z\d][A-Za-z\d-]*\/[\w.-]+)@([\w./-]+)(?: (v[\w.-]+))?$/.exec(text) ?? [];
  if (repository !== undefined && ref !== undefined) return { repository, ref, version };
  throw userError({
    code: "init-actions-unknown",
    message: `${JSON.stringify(text)} names no release of the actions`,
    fix: "Write owner/name@tag or owner/name@commit",
  });
}
