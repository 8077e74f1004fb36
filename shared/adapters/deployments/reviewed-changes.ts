/** Reads from GitHub the pull request that became a commit of the default branch, with its files and its reviews. */
import * as z from "zod";
import type { PullRequestReview, ReviewedChange, ReviewedChanges } from "../../core/promotion/reviewed-change.ts";
import type { GitHub } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";
import { readDefaultBranch } from "../github/read-default-branch.ts";
import { readFileAtCommit } from "../github/read-file-at-commit.ts";

const account = z.object({ login: z.string(), id: z.int(), type: z.string() });
const pull = z.object({
  number: z.int().positive(),
  html_url: z.string(),
  merged_at: z.string().nullable(),
  merge_commit_sha: z.string().nullable(),
  user: account.nullable(),
  base: z.object({ ref: z.string() }),
  head: z.object({ sha: z.string() }),
});
const changedFile = z.object({ filename: z.string(), previous_filename: z.string().optional() });
const changeCommit = z.object({ author: account.nullish(), committer: account.nullish() });
const review = z.object({
  state: z.string(),
  user: account.nullable(),
  commit_id: z.string().nullish(),
  submitted_at: z.string().optional(),
  body: z.string().nullish(),
});

/** GitHub lists no more of a pull request's files. */
const MAX_FILES = 3000;
/** And no more of its commits. */
const MAX_COMMITS = 250;

export function createReviewedChanges(github: GitHub): ReviewedChanges {
  const known = new Map<string, Promise<ReviewedChange | undefined>>();
  return {
    // What a step decides about, it reads once.
    mergedAs: (commit) => known.get(commit) ?? remember(commit, readMerged(commit)),
    async readFile(commit, path) {
      return (await readFileAtCommit(github, commit, path))?.text;
    },
  };

  function remember(commit: string, change: Promise<ReviewedChange | undefined>) {
    known.set(commit, change);
    return change;
  }

  async function readMerged(commit: string): Promise<ReviewedChange | undefined> {
    const branch = await readDefaultBranch(github);
    const listed = await github.readAll(github.rest.repos.listPullRequestsAssociatedWithCommit, {
      ...github.repository,
      commit_sha: commit,
    });
    const found = listed
      .map((item) => parseResponse(pull, item, `the pull requests of ${commit}`))
      .find((each) => each.merged_at !== null && each.merge_commit_sha === commit && each.base.ref === branch);
    if (found?.merged_at == null || found.user === null) return undefined;
    const asked = { ...github.repository, pull_number: found.number };
    const files = (await github.readAll(github.rest.pulls.listFiles, asked)).map((item) =>
      parseResponse(changedFile, item, `a file of pull request #${found.number}`),
    );
    const commits = (await github.readAll(github.rest.pulls.listCommits, asked)).map((item) =>
      parseResponse(changeCommit, item, `a commit of pull request #${found.number}`),
    );
    const reviews = (await github.readAll(github.rest.pulls.listReviews, asked)).map((item) =>
      parseResponse(review, item, `a review of pull request #${found.number}`),
    );
    return {
      ...{ number: found.number, url: found.html_url, author: found.user, head: found.head.sha },
      mergedAt: found.merged_at,
      writers: [
        ...commits.flatMap(({ author, committer }) => [author ?? undefined, committer ?? undefined]),
        ...(commits.length >= MAX_COMMITS ? [undefined] : []),
      ],
      // A list that may be cut is not the whole change.
      files: [
        ...files.flatMap((file) => [file.filename, ...(file.previous_filename ? [file.previous_filename] : [])]),
        ...(files.length >= MAX_FILES ? ["(more files than GitHub lists)"] : []),
      ],
      reviews: reviews.flatMap((each): readonly PullRequestReview[] =>
        each.user === null
          ? []
          : [
              {
                ...{ state: each.state, user: each.user, body: each.body ?? "" },
                commit: each.commit_id ?? undefined,
                submittedAt: each.submitted_at,
              },
            ],
      ),
    };
  }
}
