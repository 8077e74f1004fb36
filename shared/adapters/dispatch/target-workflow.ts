/** The workflow to dispatch: which one, on which branch, and which inputs it declares. */
import * as z from "zod";
import { type DispatchDeclaration, parseDispatchDeclaration } from "../../core/training/dispatch-declaration.ts";
import { userError } from "../../problem/problem.ts";
import { type GitHub, GitHubError } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";
import { readDefaultBranch } from "../github/read-default-branch.ts";
import { readFileAtCommit } from "../github/read-file-at-commit.ts";

export interface TargetWorkflow {
  readonly id: number;
  /** Path of its file, from the repository's root. */
  readonly path: string;
  /** The branch or tag to run it on, without `refs/…/`. */
  readonly ref: string;
  readonly declaredInputs: DispatchDeclaration;
}

const workflow = z.object({ id: z.int(), path: z.string(), state: z.string() });
const commit = z.object({ sha: z.string().regex(/^[0-9a-f]{40}$/) });

/**
 * @param file its name, such as `train.yml`
 * @param ref branch or tag; empty for the default branch
 * @throws ActionError `workflow-missing`, `workflow-disabled`, `dispatch-…`; GitHubError
 */
export async function findTargetWorkflow(github: GitHub, file: string, ref: string): Promise<TargetWorkflow> {
  const { repository, rest } = github;
  const found = await github.find(() => rest.actions.getWorkflow({ ...repository, workflow_id: file }));
  if (found === undefined) throw missing(file, "the default branch");
  const { id, path, state } = parseResponse(workflow, found, `workflow ${file}`);
  if (state !== "active") throw disabled(path, state);

  const branch = ref === "" ? await readDefaultBranch(github) : ref.replace(/^refs\/(?:heads|tags)\//, "");
  const head = await github.find(() => rest.repos.getCommit({ ...repository, ref: branch })).catch(ignoreUnknownRef);
  if (head === undefined) throw noRef(branch);
  // At one commit: a dispatch runs the file that is read here, unless someone pushes in between.
  const source = await readFileAtCommit(github, parseResponse(commit, head, `commit ${branch}`).sha, path);
  if (source === undefined) throw missing(path, branch);
  return { id, path, ref: branch, declaredInputs: parseDispatchDeclaration(source.text, path) };
}

/** GitHub responds with 422 to a name of no commit. */
function ignoreUnknownRef(error: unknown): undefined {
  if (error instanceof GitHubError && error.status === 422) return undefined;
  throw error;
}

const missing = (file: string, where: string): Error =>
  userError({
    code: "workflow-missing",
    message: `there is no workflow ${file} on ${where}`,
    place: { file },
    fix: "Commit it below .github/workflows; GitHub only starts workflows that are on the default branch too",
  });

const disabled = (file: string, state: string): Error =>
  userError({
    code: "workflow-disabled",
    message: `this workflow is switched off (${state.replaceAll("_", " ")})`,
    place: { file },
    fix: "Enable it on its page under Actions",
  });

const noRef = (ref: string): Error =>
  userError({
    code: "ref-missing",
    message: `there is no branch or tag ${JSON.stringify(ref)}`,
    fix: 'Name a branch or tag of this repository, or leave "ref" out',
  });
