/** Pull requests. */

import { resolveCommitSha } from "../../operations/git/revisions.ts";
import { mergeStateOf } from "../../operations/merging/merge-state.ts";
import { mergePull, updatePullBranch } from "../../operations/merging/merging.ts";
import { comparePull } from "../../operations/pulls/pull-comparison.ts";
import { openPull, pullByNumber, updatePull } from "../../operations/pulls/pulls.ts";
import { pullsOfCommit } from "../../operations/pulls/pulls-of-commit.ts";
import { renderCommit } from "../../render/commit.ts";
import { renderFileChange } from "../../render/file-change.ts";
import { renderPull, renderPullSimple } from "../../render/pulls.ts";
import { pullPageUrl } from "../../render/urls.ts";
import { ApiError, notFound } from "../../world/api-error.ts";
import type { PullRequest } from "../../world/repository.ts";
import { typedBody } from "../requests/body.ts";
import { accepts } from "../requests/media-type.ts";
import {
  accepted,
  type BytesReply,
  type Call,
  created,
  list,
  noContent,
  ok,
  type Reply,
  type Route,
  route,
} from "../route.ts";
import { pullsMatching } from "./pull-filters.ts";

/** GitHub docs, "List commits on a pull request": at most 250. "List pull requests files": at most 3,000. */
const MAX_COMMITS = 250;
const MAX_FILES = 3_000;

/** GitHub docs, "Limits for viewing content and diffs in a repository": files beyond these have no patch. */
const MAX_PATCHES = 300;
const MAX_PATCH_LINES = 20_000;

export const pullRoutes: readonly Route[] = [
  route("pulls/list", ({ world, repository, query }) =>
    list(pullsMatching(repository, query), (pull) => renderPullSimple(world, pull)),
  ),
  route("pulls/create", async (call) => {
    const {
      head_repo: headRepository,
      maintainer_can_modify: maintainerCanModify,
      ...fields
    } = typedBody(call, "pulls/create");
    const issue = fields.issue === undefined ? undefined : Number(fields.issue);
    const input = { ...fields, issue, headRepository, maintainerCanModify };
    const pull = await openPull(call.world, call.repository, input, call.requiredCaller);
    return created(renderPull(call.world, pull, await mergeStateOf(call.world, pull)));
  }),
  route("pulls/get", getPull),
  route("pulls/update", async (call) => {
    const pull = pullNamed(call);
    const { maintainer_can_modify: maintainerCanModify, ...change } = typedBody(call, "pulls/update");
    const extra = maintainerCanModify === undefined ? {} : { maintainerCanModify };
    await updatePull(call.world, pull, { ...change, ...extra }, call.requiredCaller);
    return ok(renderPull(call.world, pull, await mergeStateOf(call.world, pull)));
  }),
  route("pulls/list-commits", listCommits),
  route("pulls/list-files", listFiles),
  route("pulls/check-if-merged", (call) => {
    if (!pullNamed(call).merged) throw notFound();
    return noContent;
  }),
  route("pulls/merge", async (call) => {
    const { commit_title: title, commit_message: message, merge_method: method, sha } = typedBody(call, "pulls/merge");
    const merged = await mergePull(call.world, pullNamed(call), { title, message, method, sha }, call.requiredCaller);
    return ok({ sha: merged, merged: true, message: "Pull Request successfully merged" });
  }),
  route("pulls/update-branch", async (call) => {
    const pull = pullNamed(call);
    await updatePullBranch(
      call.world,
      pull,
      typedBody(call, "pulls/update-branch").expected_head_sha,
      call.requiredCaller,
    );
    return accepted({
      message: "Updating pull request branch.",
      url: pullPageUrl(call.world, call.repository, pull.number),
    });
  }),
  route("repos/list-pull-requests-associated-with-commit", async ({ world, repository, path }) => {
    const sha = await resolveCommitSha(repository, path["commit_sha"] ?? "");
    return list(await pullsOfCommit(repository, sha), (pull) => renderPullSimple(world, pull));
  }),
];

const pullNamed = ({ repository, path }: Call): PullRequest => pullByNumber(repository, Number(path["pull_number"]));

async function getPull(call: Call): Promise<Reply> {
  const pull = pullNamed(call);
  const state = await mergeStateOf(call.world, pull);
  if (accepts(call, "diff")) return asText(pull, "diff");
  if (accepts(call, "patch")) return asText(pull, "patch");
  return ok(renderPull(call.world, pull, state));
}

async function asText(pull: PullRequest, kind: "diff" | "patch"): Promise<BytesReply> {
  const { comparison } = pull;
  if ((comparison?.files.length ?? 0) > MAX_PATCHES) {
    const advice = "Consider using 'List pull requests files' API or locally cloning the repository instead.";
    throw new ApiError(406, `Sorry, the diff exceeded the maximum number of files (${MAX_PATCHES}). ${advice}`);
  }
  const base = comparison?.mergeBase ?? pull.baseSha;
  const body = await pull.base.git.patchText(base, pull.headSha, kind === "diff" ? "diff" : "mail");
  return { kind: "bytes", status: 200, type: `application/vnd.github.${kind}; charset=utf-8`, body };
}

async function listCommits(call: Call): Promise<Reply> {
  const { world, repository } = call;
  const pull = pullNamed(call);
  const comparison = await comparePull(world, pull);
  const commits = await repository.git.log(pull.headSha, { base: comparison?.base ?? pull.baseSha });
  const shown = commits.toReversed().slice(0, MAX_COMMITS);
  return list(shown, (commit) => renderCommit(world, repository, commit));
}

async function listFiles(call: Call): Promise<Reply> {
  const { world, repository } = call;
  const pull = pullNamed(call);
  const files = (await comparePull(world, pull))?.files ?? [];
  const shown = files.slice(0, MAX_FILES).map((file, index) => {
    const tooMuch = index >= MAX_PATCHES || (file.patch?.split("\n").length ?? 0) > MAX_PATCH_LINES;
    return tooMuch ? { ...file, patch: undefined } : file;
  });
  return list(shown, (file) => renderFileChange(world, repository, file, pull.headSha));
}
