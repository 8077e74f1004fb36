/** What git has of a file that DVC keeps: a pointer, `<path>.dvc` or an entry of `dvc.lock`, with the MD5 of the file. */
import * as z from "zod";
import { parseForeignYaml } from "../../text/yaml/parse-foreign-yaml.ts";
import type { GitHub } from "./github.ts";
import { readFileAtCommit } from "./read-file-at-commit.ts";

/** Characters; dvc.lock of a large pipeline has some hundred thousand. */
const MAX_POINTER = 1024 * 1024;

const md5 = z.string().regex(/^[0-9a-f]{32}$/);
const out = z.object({ path: z.string(), md5: md5.optional() });
const pointerFile = z.object({ outs: z.array(out) });
const lockFile = z.object({ stages: z.record(z.string(), z.object({ outs: z.array(out).default([]) })) });

export interface DvcPointer {
  /** Path of the file in the commit that says it. */
  readonly file: string;
  readonly md5: string;
}

/** @returns `undefined` when the commit has no pointer to it. @throws GitHubError */
export const findDvcPointer = async (github: GitHub, commit: string, path: string): Promise<DvcPointer | undefined> =>
  (await findInPointer(github, commit, path)) ?? (await findInLock(github, commit, path));

async function findInPointer(github: GitHub, commit: string, path: string): Promise<DvcPointer | undefined> {
  const file = `${path}.dvc`;
  const pointer = await readFileAtCommit(github, commit, file);
  if (pointer === undefined) return undefined;
  const parsed = pointerFile.safeParse(parseForeignYaml(pointer.text, MAX_POINTER));
  const name = path.split("/").at(-1);
  return toPointer(
    file,
    parsed.data?.outs.find((each) => each.path === name),
  );
}

/** Outputs of stages; paths are relative to the file. */
async function findInLock(github: GitHub, commit: string, path: string): Promise<DvcPointer | undefined> {
  const file = "dvc.lock";
  const lock = await readFileAtCommit(github, commit, file);
  if (lock === undefined) return undefined;
  const parsed = lockFile.safeParse(parseForeignYaml(lock.text, MAX_POINTER));
  const outs = Object.values(parsed.data?.stages ?? {}).flatMap((stage) => stage.outs);
  return toPointer(
    file,
    outs.find((each) => each.path === path),
  );
}

const toPointer = (file: string, found: z.infer<typeof out> | undefined): DvcPointer | undefined =>
  found?.md5 === undefined ? undefined : { file, md5: found.md5 };
