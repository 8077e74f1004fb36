/** What is known about a registered version beyond its own words: anybody who may push can write a tag. */
import { ActionError, type Problem } from "../../problem/problem.ts";
import type { ModelVersionRecord } from "../../records/model-version.ts";
import type { TrainingRecord } from "../../records/training-record.ts";
import type { Verdict } from "../../records/verdict.ts";
import { collectGovernance } from "./governance.ts";
import { findTrainingProblems, findVerdictProblems } from "./lineage.ts";

/** What GitHub still shows about a record. */
export type Evidence<Content> =
  /** A run of a trusted branch uploaded exactly this record. */
  | { readonly status: "proven"; readonly record: Content; readonly run: number }
  /** It was proven when the version was registered, and GitHub does not have the run or its artifact any more. */
  | { readonly status: "gone"; readonly run: number }
  /** No run is known to have uploaded it: only the tag says so. */
  | { readonly status: "claimed" };

export interface VersionProof {
  /** Full ref of the trusted branch that contains the commit; `undefined`: none does. */
  readonly branch: string | undefined;
  readonly training: Evidence<TrainingRecord>;
  /** `undefined`: the version was registered without one. */
  readonly verdict: Evidence<Verdict> | undefined;
  /** Whether the policy that a proven verdict used stood on a trusted branch. */
  readonly isPolicyTrusted: boolean;
  /** What is odd about the run that registered it, to complete "it was registered by …". */
  readonly registrar: string | undefined;
}

/** How far the evidence may be relied on: the weakest of it decides. */
export type EvidenceLevel = "proven" | "recorded" | "claimed";

export function levelOf({ training, verdict }: Pick<VersionProof, "training" | "verdict">): EvidenceLevel {
  const found = [training, ...(verdict === undefined ? [] : [verdict])].map(({ status }) => status);
  if (found.includes("claimed")) return "claimed";
  return found.includes("gone") ? "recorded" : "proven";
}

export interface PromotionRequirements {
  /** `owner/name`. */
  readonly repository: string;
  /** Whether the policy has gates: then a version needs a verdict. */
  readonly gated: boolean;
  /** Whether an environment had it before: then its evidence was shown once, and may have expired since. */
  readonly wasPromoted: boolean;
}

/** @throws ActionError (a refusal) with everything that is not as a registration leaves it */
export function assertProven(
  record: ModelVersionRecord,
  proof: VersionProof,
  { repository, gated, wasPromoted }: PromotionRequirements,
): void {
  const { model, version, commit, modelDigest } = record;
  const problems: Problem[] = [];
  if (proof.branch === undefined) {
    problems.push({
      code: "commit-not-merged",
      message: `neither the default branch nor a release branch of the policy contains the commit of ${version}, ${commit.slice(0, 7)}`,
      fix: "Merge it, and register the model that is then trained on that branch",
    });
  }
  if (levelOf(proof) === "claimed" && !wasPromoted) {
    problems.push({
      code: "version-unproven",
      message: `no run of a trusted branch that GitHub still has uploaded the evidence of ${version}: its tag may have been made by hand`,
      fix: "Register what a run of the default branch has trained and judged, as the next version",
    });
  }
  const { training, verdict } = proof;
  if (training.status === "proven") {
    problems.push(...findTrainingProblems(training.record, { repository, model }));
    if (training.record.commit !== commit || training.record.model?.digest !== modelDigest) {
      problems.push({
        code: "version-evidence-differs",
        message: `the training record of ${version} is about another commit or other model files`,
        fix: "Find out who created its tag, and register the model again as the next version",
      });
    }
    if (verdict === undefined || verdict.status === "proven") {
      // One from before there were several does not name its model.
      const about = { model, isOneOfSeveral: false, repository };
      const judged = { verdict: verdict?.record, training: training.record, gated, ...about };
      problems.push(...findVerdictProblems(judged));
    }
  }
  if (verdict?.status === "proven" && !proof.isPolicyTrusted) {
    problems.push({
      code: "verdict-by-untrusted-policy",
      message: `the policy by which ${version} was judged never stood on a trusted branch`,
      fix: "Judge it by the policy of the default branch, and register it as the next version",
    });
  }
  if (problems.length > 0) throw new ActionError("refused", problems);
}

/**
 * @param required names of fields, as in the policy's `model.require` today
 * @throws ActionError (a refusal) `governance-missing`, `governance-placeholder`, `governance-invalid`
 */
export function assertGoverned(record: ModelVersionRecord, required: readonly string[], today: string): void {
  try {
    collectGovernance(required, { given: governanceOf(record), card: {}, fromPolicy: {} }, today);
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    const fix = `Register it as the next version with ${required.join(", ")}, which the policy requires`;
    throw new ActionError(
      error.kind,
      error.problems.map((problem) => ({ ...problem, fix })),
    );
  }
}

/** As people read it. */
export const governanceOf = ({ governance }: ModelVersionRecord): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(governance).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : String(value)]),
  );

/** What GitHub cannot show any more, or not fully, for the people who approve. */
export function findProofWarnings({ version }: ModelVersionRecord, proof: VersionProof): readonly Problem[] {
  const gone = [
    ...(proof.training.status === "gone" ? [proof.training.run] : []),
    ...(proof.verdict?.status === "gone" ? [proof.verdict.run] : []),
  ];
  const found: Problem[] = [];
  if (gone.length > 0) {
    found.push({
      code: "evidence-gone",
      message: `GitHub does not have the artifacts of run ${[...new Set(gone)].join(" and ")} any more: that they were shown when ${version} was registered, only its tag says`,
      fix: "Approve it only if you know where it comes from",
    });
  }
  if (levelOf(proof) === "claimed") {
    found.push({
      code: "version-unproven",
      message: `no run is known that uploaded the evidence of ${version}; it was promoted before`,
      fix: "Approve it only if you know where it comes from",
    });
  }
  if (proof.registrar !== undefined) {
    found.push({
      code: "registration-unproven",
      message: `${version} was registered by ${proof.registrar}`,
      fix: "Approve it only if you know where it comes from",
    });
  }
  return found;
}
