/** Whether the evidence belongs together: these files, this training, this verdict, this commit. */
import { ActionError, type Problem } from "../../problem/problem.ts";
import type { FileRecord } from "../../records/fields.ts";
import type { TrainingRecord } from "../../records/training-record.ts";
import type { Verdict } from "../../records/verdict.ts";

export interface Lineage {
  /** `owner/name`. */
  readonly repository: string;
  readonly training: TrainingRecord;
  /** Undefined when none was given. */
  readonly verdict: Verdict | undefined;
  /** What was found on disk now, with paths as the training wrote them. */
  readonly files: readonly FileRecord[];
  /** The digest of those files. */
  readonly modelDigest: string;
  /** Digest of the trusted policy as it is now. */
  readonly policyDigest: string;
  /** Whether the policy has gates: then a version needs a verdict. */
  readonly gated: boolean;
  /** Whether the default branch holds the commit that was trained. */
  readonly merged: boolean;
}

/** @throws ActionError (a refusal) with every link of the chain that does not hold */
export function assertLineage(lineage: Lineage): void {
  const problems = [...trainingProblems(lineage), ...fileProblems(lineage), ...verdictProblems(lineage)];
  if (problems.length > 0) throw new ActionError("refused", problems);
}

function trainingProblems({ training, repository, merged }: Lineage): readonly Problem[] {
  const found: Problem[] = [];
  if (training.outcome !== "success") {
    found.push({
      code: "training-not-successful",
      message: `the training ended in ${training.outcome}`,
      fix: "Register what a successful training made",
    });
  }
  if (training.origin.repository.toLowerCase() !== repository.toLowerCase()) {
    found.push({
      code: "training-of-other-repository",
      message: `the training record was made in ${training.origin.repository}`,
      fix: `Register what was trained in ${repository}: a fork's records prove nothing here`,
    });
  }
  if (!merged) {
    found.push({
      code: "commit-not-merged",
      message: `the default branch does not hold the commit that was trained, ${short(training.commit)}`,
      fix: "Merge it and register what is trained on the default branch",
    });
  }
  return found;
}

function fileProblems({ training, files, modelDigest }: Lineage): readonly Problem[] {
  const { model } = training;
  if (model === null) {
    return [
      {
        code: "training-without-model",
        message: "the training record names no model files",
        fix: 'Give train-model its "model" input',
      },
    ];
  }
  if (model.digest === modelDigest && sameFiles(model.files, files)) return [];
  return [
    {
      code: "model-digest-differs",
      message: `the model's files are not those that were trained: ${differences(model.files, files)}`,
      fix: "Download the artifact of the same training run again, and change nothing in it",
    },
  ];
}

function verdictProblems(lineage: Lineage): readonly Problem[] {
  const { verdict, training, gated, policyDigest, repository } = lineage;
  if (verdict === undefined) {
    if (!gated) return [];
    const message = "the policy has gates, and no verdict was given";
    return [{ code: "verdict-missing", message, fix: 'Give the record of gate-metrics in the input "verdict"' }];
  }
  const found: Problem[] = [];
  const refuse = (code: string, message: string, fix: string): void => void found.push({ code, message, fix });
  if (verdict.outcome !== "pass") {
    refuse(
      "verdict-not-pass",
      `the verdict is ${verdict.outcome}, not pass`,
      "Register a version that passes its gates",
    );
  }
  if (verdict.judged !== training.commit) {
    const message = `the verdict is about commit ${short(verdict.judged)}, the training about ${short(training.commit)}`;
    refuse("verdict-of-other-commit", message, "Give the verdict of the run that trained this version");
  }
  if (verdict.origin.repository.toLowerCase() !== repository.toLowerCase()) {
    const message = `the verdict was made in ${verdict.origin.repository}`;
    refuse("verdict-of-other-repository", message, `Give a verdict that was made in ${repository}`);
  }
  const judged = verdict.metrics.flatMap(({ name, slice, candidate }) =>
    candidate === null ? [] : [[name, slice, candidate]],
  );
  const trained = training.metrics.map(({ name, slice, value }) => [name, slice, value]);
  if (!sameEntries(judged, trained)) {
    const message = "the verdict judged other metrics than the training measured";
    refuse("verdict-of-other-metrics", message, "Give the verdict of the run that trained this version");
  }
  if (verdict.policy.digest !== policyDigest) {
    const message = `the verdict was reached by another policy (of ${short(verdict.policy.ref)}) than the one that counts now`;
    refuse("verdict-by-other-policy", message, "Run gate-metrics again on the default branch, and give its verdict");
  }
  return found;
}

const sameFiles = (a: readonly FileRecord[], b: readonly FileRecord[]): boolean =>
  sameEntries(
    a.map(({ path, bytes, digest }) => [path, bytes, digest]),
    b.map(({ path, bytes, digest }) => [path, bytes, digest]),
  );

function sameEntries(a: readonly unknown[], b: readonly unknown[]): boolean {
  const texts = (entries: readonly unknown[]): string =>
    entries
      .map((entry) => JSON.stringify(entry))
      .sort()
      .join("\n");
  return texts(a) === texts(b);
}

/** At most a few paths, each with what is the matter. */
function differences(trained: readonly FileRecord[], found: readonly FileRecord[]): string {
  const was = new Map(trained.map((file) => [file.path, file]));
  const is = new Map(found.map((file) => [file.path, file]));
  const told = [...new Set([...was.keys(), ...is.keys()])].sort().flatMap((path) => {
    const [before, now] = [was.get(path), is.get(path)];
    if (before === undefined) return [`${JSON.stringify(path)} was not there`];
    if (now === undefined) return [`${JSON.stringify(path)} is missing`];
    return before.digest === now.digest ? [] : [`${JSON.stringify(path)} has other bytes`];
  });
  if (told.length === 0) return "the record's own digest does not fit its files";
  return told.length > 3 ? `${told.slice(0, 3).join(", ")} and ${told.length - 3} more` : told.join(", ");
}

const short = (commit: string): string => commit.slice(0, 7);
