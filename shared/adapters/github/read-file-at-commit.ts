/** One file at a commit, without a checkout, and so the same for a fork's pull request. */
import * as z from "zod";
import { userError } from "../../problem/problem.ts";
import { digestOf } from "../files/digest.ts";
import { type GitHub, GitHubError } from "./github.ts";

export interface FileAtCommit {
  readonly text: string;
  /** `sha256:…` over its bytes. */
  readonly digest: string;
}

// For a folder GitHub returns a list, for a link or a submodule another type, for over 1 MB no content.
const contents = z.object({
  type: z.literal("file"),
  encoding: z.literal("base64"),
  size: z.number(),
  content: z.string(),
});

/**
 * @param commit a full SHA: a branch could move between two requests
 * @returns `undefined` when the commit has no such file; by two reads that agree
 * @throws ActionError `file-not-text` when it is a folder, a submodule, over 1 MB, or not UTF-8; GitHubError
 */
export async function readFileAtCommit(
  github: GitHub,
  commit: string,
  path: string,
): Promise<FileAtCommit | undefined> {
  const file = { ...github.repository, path, ref: commit };
  const response = await github.find(() => github.rest.repos.getContent(file));
  return response === undefined ? undefined : toFile(commit, path, response);
}

/** The same by one read, for a caller that checks "there is none" another way. */
export async function readFileOnce(github: GitHub, commit: string, path: string): Promise<FileAtCommit | undefined> {
  try {
    const { data } = await github.rest.repos.getContent({ ...github.repository, path, ref: commit });
    return toFile(commit, path, data);
  } catch (error) {
    if (error instanceof GitHubError && error.status === 404) return undefined;
    throw error;
  }
}

function toFile(commit: string, path: string, response: unknown): FileAtCommit {
  const parsed = contents.safeParse(response);
  const bytes = parsed.success ? Buffer.from(parsed.data.content, "base64") : undefined;
  if (!parsed.success || bytes === undefined || bytes.length !== parsed.data.size) {
    throw notText(commit, path, "is not a file of at most 1 MB");
  }
  return { text: decode(bytes, commit, path), digest: digestOf(bytes) };
}

function decode(bytes: Uint8Array, commit: string, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw notText(commit, path, "is not UTF-8", error);
  }
}

const notText = (commit: string, path: string, what: string, cause?: unknown) =>
  userError(
    {
      code: "file-not-text",
      message: `${path} at ${commit.slice(0, 7)} ${what}`,
      place: { file: path },
      fix: "Commit a text file under this path",
    },
    cause,
  );
