/** The per-example results that a verdict was judged by, as the judging run reported them: by the digests in its verdict. */
import { digestOf } from "../../shared/adapters/files/digest.ts";
import type { WorkspaceFiles } from "../../shared/adapters/files/workspace-files.ts";
import { listKeptPredictions } from "../../shared/core/gate/kept-predictions.ts";
import { type PredictedCases, toPredictedCases } from "../../shared/core/gate/predicted-cases.ts";
import type { WantedPredictions } from "../../shared/core/policy/wanted-predictions.ts";
import { DEFAULT_COLUMNS } from "../../shared/core/statistics/predictions/case-result.ts";
import { ActionError, refused } from "../../shared/problem/problem.ts";
import type { Verdict } from "../../shared/records/verdict.ts";

export interface VerdictPlace {
  /** The folder that the verdict is in, without a `/` at its end; empty: the workspace. */
  readonly folder: string;
  /** Whether model-diff has kept them, beside its verdict and under the default names of columns. */
  readonly isDiff: boolean;
}

/**
 * A policy that names some wants them: without them a weaker kind of evidence would decide, and the run that reports could choose that.
 *
 * @throws ActionError (a refusal) `predictions-missing`; and as `toPredictedCases`
 */
export async function readPredictions(
  files: Pick<WorkspaceFiles, "list" | "readText">,
  verdict: Verdict,
  wanted: WantedPredictions,
  { folder, isDiff }: VerdictPlace,
): Promise<PredictedCases> {
  const named = listKeptPredictions(verdict);
  if (named.length === 0) throw missing("the verdict names none", "Judge with this policy again: its gate needs them");
  const texts = [];
  for (const { path, digest } of named) {
    const text = await findText(
      files,
      [...(folder === "" ? [] : [`${folder}/${path}`]), path, ...wanted.files],
      digest,
    );
    if (text === undefined) {
      throw missing(
        `no file here is the ${path} that the verdict names by its digest`,
        "Upload the per-example results with the verdict, and download both in this job",
      );
    }
    texts.push({ path, text });
  }
  return toPredictedCases(texts, isDiff ? DEFAULT_COLUMNS : wanted.columns, named, digestOf);
}

/** The first with this content. */
async function findText(
  files: Pick<WorkspaceFiles, "list" | "readText">,
  patterns: readonly string[],
  digest: string,
): Promise<string | undefined> {
  for (const pattern of patterns) {
    for (const path of await listIfAny(files, pattern)) {
      const text = await files.readText(path);
      if (digestOf(text) === digest) return text;
    }
  }
  return undefined;
}

async function listIfAny(files: Pick<WorkspaceFiles, "list">, pattern: string): Promise<readonly string[]> {
  try {
    return await files.list([pattern]);
  } catch (error) {
    if (!(error instanceof ActionError) || error.problems[0]?.code !== "no-files") throw error;
    return [];
  }
}

const missing = (why: string, fix: string): ActionError =>
  refused({ code: "predictions-missing", message: `the policy judges by per-example results: ${why}`, fix });
