/** The per-example results that a verdict was reached by. Where they lie is not believed: only a file with the right digest is one. */
import { digestOf } from "../../shared/adapters/files/digest.ts";
import type { WorkspaceFiles } from "../../shared/adapters/files/workspace-files.ts";
import { KEPT_PATH, listKeptPredictions } from "../../shared/core/gate/kept-predictions.ts";
import { type PredictedCases, toPredictedCases } from "../../shared/core/gate/predicted-cases.ts";
import type { WantedPredictions } from "../../shared/core/policy/wanted-predictions.ts";
import { DEFAULT_COLUMNS } from "../../shared/core/statistics/predictions/case-result.ts";
import { ActionError, refused } from "../../shared/problem/problem.ts";
import type { FileRecord } from "../../shared/records/fields.ts";
import type { Verdict } from "../../shared/records/verdict.ts";
import { quoteText } from "../../shared/text/document/document.ts";

const MIB = 1024 * 1024;
/** As much as an artifact may unpack to. */
const MAX_BYTES = 64 * MIB;
const MAX_FILES = 100;

type Files = Pick<WorkspaceFiles, "list" | "sizeOf" | "digestFile" | "readText">;

/**
 * @param wanted by the trusted policy
 * @param isDiff whether model-diff has reached it, which keeps them under its own name and columns
 * @throws ActionError `predictions-missing`, `predictions-too-large`, and as `readPredictionFiles`
 */
export async function readPredictions(
  files: Files,
  verdict: Pick<Verdict, "evidence">,
  wanted: WantedPredictions,
  isDiff: boolean,
): Promise<PredictedCases> {
  const named = listKeptPredictions(verdict);
  assertNamed(named);
  const places = isDiff ? [KEPT_PATH] : wanted.files;
  const found = await findByDigest(files, places.flatMap(inArtifacts), named);
  const texts = [];
  for (const { path, digest } of named) {
    const at = found.get(digest);
    if (at === undefined) {
      throw refused({
        code: "predictions-missing",
        message: `no file here is ${quoteText(path)}, by which the verdict was reached`,
        fix: "Download the artifact that has it in this job, too, next to that of the verdict",
      });
    }
    texts.push({ path, text: await files.readText(at) });
  }
  const columns = isDiff ? DEFAULT_COLUMNS : wanted.columns;
  return toPredictedCases(texts, columns, named, digestOf);
}

function assertNamed(named: readonly FileRecord[]): void {
  if (named.length === 0) {
    throw refused({
      code: "predictions-missing",
      message: "the policy judges by per-example results, and the verdict names none",
      fix: "Run the gate again, so that it judges by the policy of now",
    });
  }
  const bytes = named.reduce((sum, file) => sum + file.bytes, 0);
  if (named.length <= MAX_FILES && bytes <= MAX_BYTES) return;
  throw refused({
    code: "predictions-too-large",
    message: `the per-example results that the verdict names are too large: ${named.length} of at most ${MAX_FILES} files, with ${Math.ceil(bytes / MIB)} of at most ${MAX_BYTES / MIB} MiB`,
    fix: "Write fewer columns, or judge by a sample of the examples",
  });
}

/** At the place itself, and below one or two folders, as artifacts are unpacked; an artifact of one file has only its name. */
function inArtifacts(pattern: string): readonly string[] {
  if (pattern.startsWith("!")) return [];
  const place = pattern.replace(/^\.\//, "");
  const name = place.split("/").at(-1) ?? place;
  return [...new Set([place, name].flatMap((one) => [one, `*/${one}`, `*/*/${one}`]))];
}

/** @returns paths by digest. A file of another size is not read. */
async function findByDigest(
  files: Files,
  patterns: readonly string[],
  named: readonly FileRecord[],
): Promise<ReadonlyMap<string, string>> {
  const sizes = new Set(named.map(({ bytes }) => bytes));
  const open = new Set(named.map(({ digest }) => digest));
  const found = new Map<string, string>();
  for (const path of new Set(await listAll(files, patterns))) {
    if (open.size === 0) break;
    if (!sizes.has(await files.sizeOf(path))) continue;
    const { digest } = await files.digestFile(path);
    if (open.delete(digest)) found.set(digest, path);
  }
  return found;
}

async function listAll(files: Files, patterns: readonly string[]): Promise<readonly string[]> {
  const found = [];
  for (const pattern of patterns) {
    try {
      found.push(...(await files.list([pattern])));
    } catch (error) {
      if (!(error instanceof ActionError) || error.problems[0]?.code !== "no-files") throw error;
    }
  }
  return found;
}
