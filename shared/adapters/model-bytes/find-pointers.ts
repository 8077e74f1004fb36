/** Pointers of Git LFS and DVC in the commit that was trained: they must stand for exactly the files that were hashed. */
import { parsePointer } from "../../core/registry/bytes/pointer.ts";
import { type ActionError, userError } from "../../problem/problem.ts";
import type { FileRecord } from "../../records/fields.ts";
import type { ModelLocation } from "../../records/location.ts";
import { quoteText } from "../../text/document/document.ts";
import { findDvcPointer } from "../github/dvc-pointer.ts";
import type { GitHub } from "../github/github.ts";
import { readFileAtCommit } from "../github/read-file-at-commit.ts";
import type { RegisteredBytes } from "./registered-bytes.ts";

/** Each is a request. */
const MAX_POINTERS = 200;

type PointerRequest = { readonly kind: "git-lfs" } | { readonly kind: "dvc"; readonly remote: string | undefined };

/** @throws ActionError `pointer-missing`, `pointer-differs`, `pointers-too-many`; GitHubError */
export async function findPointers(
  github: GitHub,
  request: PointerRequest,
  bytes: RegisteredBytes,
): Promise<ModelLocation> {
  const { files, commit } = bytes;
  if (files.length > MAX_POINTERS) throw tooMany(files.length);
  const { owner, repo } = github.repository;
  const base = { repository: `${owner}/${repo}`, commit, immutable: true } as const;
  if (request.kind === "git-lfs") {
    for (const file of files) await assertLfsPointer(github, commit, file);
    return { kind: "git-lfs", ...base, pointers: files.map(({ path }) => path) };
  }
  const stored: { path: string; bytes: number; digest: string; md5: string }[] = [];
  const pointers = new Set<string>();
  for (const file of files) {
    const pointer = await findDvcPointer(github, commit, file.path);
    if (pointer === undefined) throw missing(file.path, commit, "DVC");
    if (pointer.md5 !== (await bytes.md5Of(file.path))) throw differs(file.path, pointer.file);
    pointers.add(pointer.file);
    stored.push({ path: file.path, bytes: file.bytes, digest: file.digest, md5: pointer.md5 });
  }
  const { remote } = request;
  return { kind: "dvc", ...base, pointers: [...pointers], files: stored, ...(remote !== undefined && { remote }) };
}

/** Its hash is that of the content: nothing is downloaded. */
async function assertLfsPointer(github: GitHub, commit: string, { path, bytes, digest }: FileRecord): Promise<void> {
  const file = await readFileAtCommit(github, commit, path);
  const pointer = file && parsePointer(file.text);
  if (typeof pointer !== "object" || pointer.kind !== "git-lfs") throw missing(path, commit, "Git LFS");
  if (pointer.digest !== digest || pointer.bytes !== bytes) throw differs(path, path);
}

const missing = (path: string, commit: string, what: string): ActionError =>
  userError({
    code: "pointer-missing",
    message: `commit ${commit.slice(0, 7)} has no ${what} pointer to ${quoteText(path)}`,
    fix: "Leave this place out of the input locations, or register what is committed",
  });

const differs = (path: string, pointer: string): ActionError =>
  userError({
    code: "pointer-differs",
    message: `${quoteText(path)} is not the file that ${quoteText(pointer)} stands for`,
    fix: "Commit the pointer of what was trained, and register the training of that commit",
  });

const tooMany = (count: number): ActionError =>
  userError({
    code: "pointers-too-many",
    message: `the model has ${count} files, more than ${MAX_POINTERS} pointers are not read`,
    fix: "Name another place in the input locations",
  });
