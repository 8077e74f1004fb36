/** Reads and moves refs. Moves are compare-and-swap in git itself; one writer at a time per repository. */
import { type Ref, ZERO_SHA } from "./git-repository.ts";
import { runExclusive } from "./mutex.ts";
import type { ObjectReader } from "./object-reader.ts";
import { readRef, readRefs } from "./ref-files.ts";
import { isRefName } from "./ref-name.ts";
import { runGit } from "./run-git.ts";

export interface RefStore {
  list(prefix: string): Promise<Ref[]>;
  /** The first of these full names that is a ref. */
  first(names: readonly string[]): Promise<Ref | undefined>;
  create(name: string, sha: string): Promise<boolean>;
  update(name: string, sha: string, expected: string): Promise<boolean>;
  delete(name: string, expected?: string): Promise<boolean>;
}

export function createRefStore(directory: string, objects: ObjectReader): RefStore {
  /** One writer at a time. */
  const writers = {};

  async function refAt(name: string, sha: string): Promise<Ref> {
    const object = await objects.info(sha);
    if (!object) throw new Error(`the ref ${name} is at ${sha}, and there is no such object in ${directory}`);
    return { name, sha, type: object.type };
  }

  async function first(names: readonly string[]): Promise<Ref | undefined> {
    for (const name of names.filter(isRefName)) {
      const sha = await readRef(directory, name);
      if (sha !== undefined) return refAt(name, sha);
    }
    return undefined;
  }

  async function move(name: string, sha: string, expected: string): Promise<boolean> {
    if (!isRefName(name)) throw new Error(`"${name}" is not a valid ref name`);
    return runExclusive(writers, async () => {
      const { code, stderr } = await runGit(directory, ["update-ref", "--no-deref", name, sha, expected], {
        codes: [0, 1, 128],
      });
      if (code === 0) return true;
      const now = (await first([name]))?.sha ?? ZERO_SHA;
      if (now !== expected) return false;
      throw new Error(`git could not move ${name} from ${expected} to ${sha} in ${directory}: ${stderr}`);
    });
  }

  return {
    async list(prefix) {
      return Promise.all((await readRefs(directory, prefix)).map(([name, sha]) => refAt(name, sha)));
    },
    first,
    create: (name, sha) => move(name, sha, ZERO_SHA),
    update: (name, sha, expected) => move(name, sha, expected),
    async delete(name, expected) {
      const current = expected ?? (await first([name]))?.sha;
      return current === undefined ? false : move(name, ZERO_SHA, current);
    },
  };
}
