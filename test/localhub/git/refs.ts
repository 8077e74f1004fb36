/** Reads and moves refs. Moves are compare-and-swap in git itself; one writer at a time per repository. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Ref } from "./git.ts";
import type { ObjectReader } from "./object-reader.ts";
import { isRefName } from "./ref-name.ts";
import { gitLines, runGit } from "./run-git.ts";

export interface RefStore {
  list(prefix: string): Promise<Ref[]>;
  /** The first of these full names that is a ref. */
  first(names: readonly string[]): Promise<Ref | undefined>;
  create(name: string, sha: string): Promise<boolean>;
  update(name: string, sha: string, expected: string): Promise<boolean>;
  delete(name: string, expected?: string): Promise<boolean>;
}

const NOWHERE = "0".repeat(40);
const FORMAT = "--format=%(objectname) %(objecttype) %(refname)";

export function createRefStore(directory: string, objects: ObjectReader): RefStore {
  const oneAtATime = createQueue();

  async function ask(patterns: readonly string[]): Promise<Ref[]> {
    return (await gitLines(directory, ["for-each-ref", FORMAT, ...patterns])).map(parseLine);
  }

  async function first(names: readonly string[]): Promise<Ref | undefined> {
    const valid = names.filter(isRefName);
    for (const name of valid) {
      const sha = await readLoose(directory, name);
      const object = sha && (await objects.info(sha));
      if (object) return { name, sha: object.sha, type: object.type };
      // A name that is not a loose file may be packed, so nothing after it may be taken before git was asked.
      const [packed] = (await ask([name])).filter((ref) => ref.name === name);
      if (packed) return packed;
    }
    return undefined;
  }

  async function move(name: string, sha: string, expected: string): Promise<boolean> {
    if (!isRefName(name)) throw new Error(`"${name}" is no name for a ref`);
    return oneAtATime(async () => {
      const { code, stderr } = await runGit(directory, ["update-ref", "--no-deref", name, sha, expected], {
        codes: [0, 1, 128],
      });
      if (code === 0) return true;
      const now = (await first([name]))?.sha ?? NOWHERE;
      if (now !== expected) return false;
      throw new Error(`git could not move ${name} from ${expected} to ${sha} in ${directory}: ${stderr}`);
    });
  }

  return {
    async list(prefix) {
      // Git matches whole names between slashes; a prefix may end within one.
      const folder = prefix.slice(0, prefix.lastIndexOf("/"));
      return (await ask(folder === "" ? [] : [folder])).filter((ref) => ref.name.startsWith(prefix));
    },
    first,
    create: (name, sha) => move(name, sha, NOWHERE),
    update: (name, sha, expected) => move(name, sha, expected),
    async delete(name, expected) {
      const known = expected ?? (await first([name]))?.sha;
      return known === undefined ? false : move(name, NOWHERE, known);
    },
  };
}

async function readLoose(directory: string, name: string): Promise<string | undefined> {
  try {
    const text = (await readFile(join(directory, name), "latin1")).trim();
    return /^[0-9a-f]{40}$/.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

function parseLine(line: string): Ref {
  const [sha = "", type = "", ...name] = line.split(" ");
  return { name: name.join(" "), sha, type: type as Ref["type"] };
}

/** Runs tasks one after the other; a failed one does not stop the next. */
function createQueue(): <Result>(task: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const result = last.then(task, task);
    last = result.catch(() => {});
    return result;
  };
}
