/** What a change does to parameters and data pointers in git: read at both commits where its files may differ. */
import { compareParams, isParamFile, MAX_PARAM_FILES } from "../../core/gate/compare-params.ts";
import type { GateSubject } from "../../core/gate/gate-subject.ts";
import { ActionError } from "../../problem/problem.ts";
import type { GitHub } from "../github/github.ts";
import { readFileAtCommit, readFileOnce } from "../github/read-file-at-commit.ts";
import type { LocalCommits } from "../github/trusted-commit.ts";

/**
 * @param paths that may differ; `undefined`: not known, and nothing is read
 * @param local has the judged commit's own files
 * @returns empty as well where GitHub does not answer: it is only shown
 */
export async function readParamChanges(
  github: GitHub,
  { base, judged }: Pick<GateSubject, "base" | "judged">,
  paths: Iterable<string> | undefined,
  local?: Pick<LocalCommits, "readFile">,
): Promise<ReturnType<typeof compareParams>> {
  const files = [...(paths ?? [])].filter(isParamFile).sort().slice(0, MAX_PARAM_FILES);
  if (base === undefined || files.length === 0) return [];
  const readJudged = async (path: string): Promise<string | undefined> => {
    const bytes = await local?.readFile(judged, path);
    return bytes === undefined ? (await readFileAtCommit(github, judged, path))?.text : new TextDecoder().decode(bytes);
  };
  try {
    const pairs = [];
    for (const path of files) {
      const before = (await readFileOnce(github, base.commit, path))?.text;
      pairs.push({ path, before, after: await readJudged(path) });
    }
    return compareParams(pairs);
  } catch (error) {
    if (error instanceof ActionError) return [];
    throw error;
  }
}
