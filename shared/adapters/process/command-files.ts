/**
 * The files by which a step tells the runner what to change in the job. A training must not write to them, but it runs as the
 * same user, and its own environment need not name them.
 */
import { lstatSync, readFileSync, rmSync, writeFileSync } from "node:fs";

/** Each holds the path of one of them. */
const VARIABLES = ["GITHUB_ENV", "GITHUB_PATH", "GITHUB_OUTPUT", "GITHUB_STATE", "GITHUB_STEP_SUMMARY"] as const;

export interface CommandFiles {
  /** For what the action itself writes meanwhile. */
  write(work: () => void): void;
  /** The variables whose files were changed by somebody else so far. These have their old content again. */
  restore(): readonly string[];
}

export function guardCommandFiles(env: Readonly<Record<string, string | undefined>>): CommandFiles {
  const changed = new Set<string>();
  let contents = readAll();

  function readAll(): ReadonlyMap<string, Buffer> {
    const known = VARIABLES.flatMap((name) => {
      const content = readFile(env[name]);
      return content === undefined ? [] : [[name, content] as const];
    });
    return new Map(known);
  }

  function restore(): readonly string[] {
    for (const name of VARIABLES) {
      const path = env[name];
      const content = contents.get(name);
      if (!path || isUnchanged(path, content)) continue;
      changed.add(name);
      // Not through a link that was put there: the file that the runner made is replaced by a new one.
      rmSync(path, { recursive: true, force: true });
      if (content !== undefined) writeFileSync(path, content, { flag: "wx" });
    }
    return [...changed];
  }

  return {
    restore,
    write(work) {
      restore();
      work();
      contents = readAll();
    },
  };
}

function isUnchanged(path: string, content: Buffer | undefined): boolean {
  const now = lstatSync(path, { throwIfNoEntry: false });
  if (now === undefined || content === undefined) return now === undefined && content === undefined;
  // Its size first: a file that was filled need not be read.
  return now.isFile() && now.size === content.length && readFileSync(path).equals(content);
}

function readFile(path: string | undefined): Buffer | undefined {
  try {
    return path ? readFileSync(path) : undefined;
  } catch {
    return undefined;
  }
}
