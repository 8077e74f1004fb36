/**
 * A file that DVC keeps: git has a pointer, `<path>.dvc` or an entry of `dvc.lock`, with the MD5 of the file, and `dvc fetch` puts
 * the file into the cache under that name. Only a pointer of the base commit says which bytes count.
 */
import { createHash } from "node:crypto";
import * as z from "zod";
import { userError } from "../../problem/problem.ts";
import { parseForeignYaml } from "../../text/yaml/parse-foreign-yaml.ts";
import type { WorkspaceFiles } from "../files/workspace-files.ts";
import type { GitHub } from "../github/github.ts";
import { readFileAtCommit } from "../github/read-file-at-commit.ts";

/** Characters; dvc.lock of a large pipeline has some hundred thousand. */
const MAX_POINTER = 1024 * 1024;

const md5 = z.string().regex(/^[0-9a-f]{32}$/);
const out = z.object({ path: z.string(), md5: md5.optional() });
const pointerFile = z.object({ outs: z.array(out) });
const lockFile = z.object({ stages: z.record(z.string(), z.object({ outs: z.array(out).default([]) })) });

/**
 * @returns `undefined` when the commit has no pointer to it
 * @throws ActionError `dvc-file-not-fetched`, `dvc-file-changed`, and for a pointer that cannot be read; GitHubError
 */
export async function readDvcFile(
  github: GitHub,
  commit: string,
  path: string,
  files: Pick<WorkspaceFiles, "exists" | "read">,
): Promise<string | undefined> {
  const hash = (await findInPointer(github, commit, path)) ?? (await findInLock(github, commit, path));
  if (hash === undefined) return undefined;
  // DVC 3 and before it.
  const places = ["files/md5/", ""].map((folder) => `.dvc/cache/${folder}${hash.slice(0, 2)}/${hash.slice(2)}`);
  for (const place of places) {
    if (!(await files.exists(place))) continue;
    const bytes = await files.read(place);
    if (createHash("md5").update(bytes).digest("hex") === hash) return new TextDecoder().decode(bytes);
    throw userError({
      code: "dvc-file-changed",
      message: `${place} is not the file whose MD5 is its name`,
      place: { file: place },
      fix: "Remove it, and fetch it again",
    });
  }
  throw userError({
    code: "dvc-file-not-fetched",
    message: `DVC keeps ${path}, and its cache does not have the file of ${commit.slice(0, 7)} (MD5 ${hash})`,
    fix: `Check the repository out, and run "dvc fetch" for that commit in a step before`,
  });
}

async function findInPointer(github: GitHub, commit: string, path: string): Promise<string | undefined> {
  const pointer = await readFileAtCommit(github, commit, `${path}.dvc`);
  if (pointer === undefined) return undefined;
  const parsed = pointerFile.safeParse(parseForeignYaml(pointer.text, MAX_POINTER));
  const name = path.split("/").at(-1);
  return parsed.data?.outs.find((each) => each.path === name)?.md5;
}

/** Outputs of stages; paths are relative to the file. */
async function findInLock(github: GitHub, commit: string, path: string): Promise<string | undefined> {
  const lock = await readFileAtCommit(github, commit, "dvc.lock");
  if (lock === undefined) return undefined;
  const parsed = lockFile.safeParse(parseForeignYaml(lock.text, MAX_POINTER));
  return Object.values(parsed.data?.stages ?? {})
    .flatMap(({ outs }) => outs)
    .find((each) => each.path === path)?.md5;
}
