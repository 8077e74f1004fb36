/** The curves that a training wrote: for people to look at, and never for a decision. */
import type { WorkspaceFiles } from "../../shared/adapters/files/workspace-files.ts";
import type { CurvePlot } from "../../shared/core/plots/plot.ts";
import { readPlot } from "../../shared/core/plots/read-plot.ts";
import { ActionError, type Problem } from "../../shared/problem/problem.ts";
import type { TrainingRecord } from "../../shared/records/training-record.ts";
import { type FileFingerprints, ignoreNoFiles, type ReadFingerprint } from "./results.ts";

type Curves = NonNullable<TrainingRecord["curves"]>;

export interface FoundCurves {
  readonly curves: Curves;
  /** Why a file has none: the training is none the worse for it. */
  readonly warnings: readonly Problem[];
}

interface CurvePorts {
  readonly files: WorkspaceFiles;
  readonly fingerprint: ReadFingerprint;
}

/** As many as a record has, and points of each. */
const MAX_CURVES = 100;
const MAX_POINTS = 400;

/** Also of a training that failed: there they tell the most. @param before the files that were there before it */
export async function collectCurves(
  patterns: readonly string[],
  before: FileFingerprints,
  { files, fingerprint }: CurvePorts,
): Promise<FoundCurves> {
  const curves: Curves = [];
  const warnings: Problem[] = [];
  const old = new Set(before.values());
  const paths: string[] = [];
  for (const pattern of patterns) paths.push(...(await files.list([pattern]).catch(ignoreNoFiles)));
  for (const path of new Set(paths)) {
    if (old.has((await fingerprint(path)) ?? path)) continue;
    try {
      for (const plot of readPlot(await files.readText(path), path)) {
        if (plot.kind === "curves") curves.push(...toCurves(plot));
      }
    } catch (error) {
      if (!(error instanceof ActionError)) throw error;
      warnings.push(...error.problems);
    }
  }
  return { curves: curves.slice(0, MAX_CURVES), warnings };
}

function toCurves({ xName, xs, series }: CurvePlot): Curves {
  const shown = xs.map((_, at) => at).filter((at) => isShown(at, xs.length));
  return series.map(({ name, ys }) => ({
    name: name === "" ? "curve" : name,
    axis: /epoch/i.test(xName) ? ("epoch" as const) : ("step" as const),
    points: shown.map((at): [number, number] => [xs[at] ?? 0, ys[at] ?? 0]),
  }));
}

/** In even steps, the first and the last among them. */
function isShown(at: number, length: number): boolean {
  const stride = Math.ceil(length / MAX_POINTS);
  return at % stride === 0 || at === length - 1;
}
