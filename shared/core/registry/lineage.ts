/** Lineage: whether files, training record, verdict, policy and commit belong together. */
import { ActionError, type Problem } from "../../problem/problem.ts";
import type { FileRecord } from "../../records/fields.ts";
import { isSameRepository } from "../../records/repository-name.ts";
import type { TrainingRecord } from "../../records/training-record.ts";
import type { Verdict } from "../../records/verdict.ts";

export interface Lineage {
  /** Its name in the policy. */
  readonly model: string;
  /** Whether the policy has others: then the verdict must say which one it is about. */
  readonly isOneOfSeveral: boolean;
  /** `owner/name`. */
  readonly repository: string;
  readonly training: TrainingRecord;
  /** Undefined when none was given. */
  readonly verdict: Verdict | undefined;
  /** The files on disk now, with paths as in the training record. */
  readonly files: readonly FileRecord[];
  /** The digest of those files. */
  readonly modelDigest: string;
  /** Digest of the current trusted policy. */
  readonly policyDigest: string;
  /** Whether the policy has gates: then a version needs a verdict. */
  readonly gated: boolean;
  /** Whether a trusted branch contains the commit that was trained. */
  readonly merged: boolean;
}

/** @throws ActionError (a refusal) with every part that does not fit */
export function assertLineage(lineage: Lineage): void {
  const { training } = lineage;
  const problems = [
    ...findTrainingProblems(training, lineage),
    ...mergeProblems(lineage),
    ...fileProblems(lineage),
    ...findVerdictProblems(lineage),
    ...policyProblems(lineage),
  ];
  if (problems.length > 0) throw new ActionError("refused", problems);
}

export function findTrainingProblems(
  training: TrainingRecord,
  { repository, model }: Pick<Lineage, "repository" | "model">,
): readonly Problem[] {
  const found: Problem[] = [];
  if (training.outcome !== "success") {
    found.push({
      code: "training-not-successful",
      message: `the training ended with ${training.outcome}`,
      fix: "Register the model of a successful training",
    });
  }
  if (!isSameRepository(training.origin.repository, repository)) {
    found.push({
      code: "training-of-other-repository",
      message: `the training record was made in ${training.origin.repository}`,
      fix: `Register a model that was trained in ${repository}: records of a fork are not evidence here`,
    });
  }
  if (training.modelName !== undefined && training.modelName !== model) {
    found.push({
      code: "training-of-other-model",
      message: `the training record is about the model ${training.modelName}`,
      fix: `Pass the record of the training of ${model}`,
    });
  }
  return found;
}

function mergeProblems({ training, merged }: Lineage): readonly Problem[] {
  if (merged) return [];
  const message = `neither the default branch nor a release branch contains the commit that was trained, ${short(training.commit)}`;
  const fix = "Merge it, and register the model that is then trained on that branch";
  return [{ code: "commit-not-merged", message, fix }];
}

function fileProblems({ training, files, modelDigest }: Lineage): readonly Problem[] {
  const { model } = training;
  if (model === null) {
    return [
      {
        code: "training-without-model",
        message: "the training record contains no model files",
        fix: 'Set the input "model" of train-model',
      },
    ];
  }
  if (model.digest === modelDigest && sameFiles(model.files, files)) return [];
  return [
    {
      code: "model-digest-differs",
      message: `the model's files are not those of the training: ${describeDifferences(model.files, files)}`,
      fix: "Download the artifact of that training run again, and do not change it",
    },
  ];
}

/** Whether the verdict passed, and is about what was trained. */
export function findVerdictProblems(
  lineage: Pick<Lineage, "verdict" | "training" | "gated" | "repository" | "model" | "isOneOfSeveral">,
): readonly Problem[] {
  const { verdict, training, gated, repository, model, isOneOfSeveral } = lineage;
  if (verdict === undefined) {
    if (!gated) return [];
    const message = "the policy has gates, but there is no verdict";
    return [{ code: "verdict-missing", message, fix: 'Pass the record of gate-metrics in the input "verdict"' }];
  }
  const found: Problem[] = [];
  const refuse = (code: string, message: string, fix: string): void => void found.push({ code, message, fix });
  if (verdict.outcome !== "pass") {
    refuse("verdict-not-pass", `the verdict is ${verdict.outcome}, not pass`, howToPass(verdict));
  }
  if (verdict.model === undefined ? isOneOfSeveral : verdict.model !== model) {
    const about = verdict.model === undefined ? "does not say which model it is about" : `is about ${verdict.model}`;
    refuse("verdict-of-other-model", `the verdict ${about}`, `Pass the verdict of gate-metrics about ${model}`);
  }
  if (verdict.judged !== training.commit) {
    const message = `the verdict is about commit ${short(verdict.judged)}, but the training is about ${short(training.commit)}`;
    refuse("verdict-of-other-commit", message, "Pass the verdict of the run that trained this version");
  }
  if (!isSameRepository(verdict.origin.repository, repository)) {
    const message = `the verdict was made in ${verdict.origin.repository}`;
    refuse("verdict-of-other-repository", message, `Pass a verdict that was made in ${repository}`);
  }
  const judged = verdict.metrics.flatMap(({ name, slice, candidate }) =>
    candidate === null ? [] : [[name, slice, candidate]],
  );
  const trained = training.metrics.map(({ name, slice, value }) => [name, slice, value]);
  if (!sameEntries(judged, trained)) {
    const message = "the metrics of the verdict are not those that the training measured";
    refuse("verdict-of-other-metrics", message, "Pass the verdict of the run that trained this version");
  }
  return found;
}

function policyProblems({ verdict, policyDigest }: Lineage): readonly Problem[] {
  if (verdict === undefined || verdict.policy?.digest === policyDigest) return [];
  const message =
    verdict.policy === null
      ? "the verdict used no policy, because there was none"
      : `the verdict used another policy (of commit ${short(verdict.policy.ref)}) than the current one`;
  const fix = "Run gate-metrics again on the default branch, and pass its verdict";
  return [{ code: "verdict-by-other-policy", message, fix }];
}

/** The first training of a repository has nothing to be compared with. */
const howToPass = ({ outcome, baseline }: Verdict): string =>
  outcome === "inconclusive" && baseline === null
    ? "It had no baseline. Register the model of the next push, which is compared with this one; or give gate-metrics first-run: allow"
    : "Register a version that passes the gates";

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

/** A few paths, each with its difference. */
function describeDifferences(trained: readonly FileRecord[], found: readonly FileRecord[]): string {
  const filesBefore = new Map(trained.map((file) => [file.path, file]));
  const filesNow = new Map(found.map((file) => [file.path, file]));
  const differences = [...new Set([...filesBefore.keys(), ...filesNow.keys()])].sort().flatMap((path) => {
    const [before, now] = [filesBefore.get(path), filesNow.get(path)];
    if (before === undefined) return [`${JSON.stringify(path)} is not in the training record`];
    if (now === undefined) return [`${JSON.stringify(path)} is missing`];
    return before.digest === now.digest ? [] : [`${JSON.stringify(path)} has other content`];
  });
  if (differences.length === 0) return "the digest in the training record does not match its files";
  return differences.length > 3
    ? `${differences.slice(0, 3).join(", ")} and ${differences.length - 3} more`
    : differences.join(", ");
}

const short = (commit: string): string => commit.slice(0, 7);
