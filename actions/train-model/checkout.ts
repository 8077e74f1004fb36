/** The commit whose code is about to run, and what in the checkout differs from it. */
import { randomUUID } from "node:crypto";
import { copyFile, lstat, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { runShortCommand } from "../../shared/adapters/process/run-short-command.ts";
import { userError } from "../../shared/problem/problem.ts";

export interface CheckoutState {
  readonly commit: string;
  readonly tree: string;
  /** Paths of files that the commit has and that differ. New files do not count. */
  readonly changed: readonly string[];
}

/** Git may have to read a large work tree once, from a slow disk. */
const TIMEOUT_MS = 5 * 60_000;
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;
/** So many paths fit on a command line. */
const PATHS_AT_ONCE = 500;

/**
 * The machine's git configuration applies, so that a file that Git LFS has filled in does not count as changed; but not what
 * would hide a change: marks in the index, replaced objects, a trust in timestamps that programs can set.
 *
 * @param temp a folder for a copy of the index
 * @throws ActionError `not-a-checkout`
 */
export async function readCheckout(workspace: string, temp: string): Promise<CheckoutState> {
  const settings = [`safe.directory=${workspace}`, "core.fsmonitor=false", "core.trustctime=true"];
  const options = [...settings, "core.checkStat=default", "core.ignoreStat=false"].flatMap((set) => ["-c", set]);
  async function runGit(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
    const result = await runShortCommand({
      program: "git",
      args: ["--no-replace-objects", ...options, ...args],
      cwd: workspace,
      env: { ...environment(), GIT_OPTIONAL_LOCKS: "0", ...env },
      ...{ timeout: TIMEOUT_MS, maxBytes: MAX_OUTPUT_BYTES },
    });
    if (result.kind !== "exited" || result.code !== 0) throw notACheckout();
    return result.output.toString("utf8");
  }
  const diff = ["diff", "--name-only", "-z", "--no-ext-diff", "--no-textconv", "HEAD", "--"];

  /** The paths that git would not look at, although there is a file. */
  async function listHidden(): Promise<readonly string[]> {
    const entries = split(await runGit(["ls-files", "-v", "-z", "--full-name", ":/"]));
    // git-ls-files(1): a small letter is "assume unchanged", S is "skip the work tree", as in a sparse checkout.
    const marked = entries.filter((entry) => /^(?:[a-z]|S) /.test(entry)).map((entry) => entry.slice(2));
    if (marked.length === 0) return [];
    const top = (await runGit(["rev-parse", "--show-toplevel"])).trimEnd();
    const exists = await Promise.all(marked.map((path) => lstat(join(top, path)).then(Boolean, () => false)));
    const isAssumed = new Set(entries.filter((entry) => /^[a-z] /.test(entry)).map((entry) => entry.slice(2)));
    return marked.filter((path, at) => exists[at] === true || isAssumed.has(path));
  }

  /** With a copy of the index that has none of the marks; what it knows about the files it keeps. */
  async function diffHidden(hidden: readonly string[]): Promise<readonly string[]> {
    const index = join(temp, `train-model-index-${randomUUID()}`);
    const env = { GIT_INDEX_FILE: index };
    try {
      const original = (await runGit(["rev-parse", "--path-format=absolute", "--git-path", "index"])).trimEnd();
      await copyFile(original, index);
      // Git reads again what may have changed since the index was written. By its own, later time a copy would hide that.
      const written = Math.floor((await stat(original)).mtimeMs / 1000);
      await utimes(index, written, written);
      for (let from = 0; from < hidden.length; from += PATHS_AT_ONCE) {
        const paths = hidden.slice(from, from + PATHS_AT_ONCE).map((path) => `:(top,literal)${path}`);
        const names = split(await runGit(["ls-files", "-z", "--", ...paths]));
        for (const mark of ["--no-assume-unchanged", "--no-skip-worktree"])
          await runGit(["update-index", mark, "--", ...names], env);
      }
      return split(await runGit(diff, env));
    } finally {
      await rm(index, { force: true });
    }
  }

  const [names, hidden, changed] = await Promise.all([
    runGit(["rev-parse", "HEAD^{commit}", "HEAD^{tree}", "--"]),
    listHidden(),
    runGit(diff),
  ]);
  const [commit = "", tree = ""] = names.split("\n");
  return { commit, tree, changed: hidden.length === 0 ? split(changed) : await diffHidden(hidden) };
}

/**
 * A record names one commit as the source of a model; a file changed since the checkout would make that untrue.
 *
 * @throws ActionError `checkout-changed`
 */
export function assertClean({ changed }: CheckoutState): void {
  const [file, ...more] = changed;
  if (file === undefined) return;
  throw userError({
    code: "checkout-changed",
    message: `it${andMore(more)} was changed since the checkout: no commit contains what would be trained`,
    place: { file },
    fix: "Make the change in the command and name the file in may-change, pass it as params, or commit it",
  });
}

export const andMore = ({ length }: readonly unknown[]): string => (length === 0 ? "" : ` (and ${length} more)`);

const split = (output: string): readonly string[] => output.split("\0").filter((path) => path !== "");

const environment = (): Record<string, string> =>
  Object.fromEntries(Object.entries(process.env).flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])));

const notACheckout = (): Error =>
  userError({
    code: "not-a-checkout",
    message: "the workspace is not a checkout of a repository",
    fix: "Add actions/checkout before this step",
  });
