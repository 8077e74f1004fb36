/** What changed between two trees, as `git diff-tree` reports it. */
import type { FileChange } from "./git-repository.ts";
import { runGit } from "./run-git.ts";

/** The tree without files, which a first commit is compared with. Git knows it without storing it. */
export const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/** The repository's configuration must not change the output of a diff. */
const PLAIN = ["-M", "--no-color", "--no-ext-diff", "--no-textconv"];
const ANALYSED = ["-r", "-z", "--raw", "--numstat", "--patch", "--full-index"];
const STATUS = { A: "added", D: "removed", M: "modified", R: "renamed", C: "copied", T: "changed" } as const;

interface RawChange {
  readonly letter: keyof typeof STATUS;
  readonly sha: string;
  readonly path: string;
  readonly previousPath: string | undefined;
}

/**
 * The changes from `base` to `head`, commits or trees, ordered by path; renames are found at git's default similarity
 * of 50 %.
 */
export async function diffTrees(directory: string, base: string, head: string): Promise<FileChange[]> {
  const { stdout } = await runGit(directory, ["diff-tree", ...PLAIN, ...ANALYSED, base, head]);
  // Raw records, line counts, then after an empty field the patches.
  const raw = readRaw(stdout);
  const counts = readCounts(stdout, raw.end, raw.changes.length);
  const patches = splitPatches(stdout.toString("utf8", Math.min(counts.end + 1, stdout.length)), raw.changes);
  return raw.changes.map((change, at) => ({
    path: change.path,
    previousPath: change.previousPath,
    status: STATUS[change.letter],
    additions: counts.lines[at]?.additions ?? 0,
    deletions: counts.lines[at]?.deletions ?? 0,
    sha: change.sha,
    patch: patches[at],
  }));
}

/** One unified diff, or the commits from `base` to `head` as mail. */
export async function patchText(directory: string, base: string, head: string, form: "diff" | "mail"): Promise<Buffer> {
  const range = base === EMPTY_TREE ? ["--root", head] : [`${base}..${head}`];
  const args =
    form === "diff" ? ["diff", ...PLAIN, base, head, "--"] : ["format-patch", ...PLAIN, "--stdout", ...range, "--"];
  return (await runGit(directory, args)).stdout;
}

function readRaw(output: Buffer): { changes: RawChange[]; end: number } {
  const changes: RawChange[] = [];
  let at = 0;
  while (output[at] === 0x3a) {
    const record = field(output, at);
    const [, , before = "", after = "", status = ""] = record.text.split(" ");
    const first = field(output, record.next);
    const letter = status[0] as keyof typeof STATUS;
    const second = letter === "R" || letter === "C" ? field(output, first.next) : undefined;
    changes.push({
      letter,
      sha: letter === "D" ? before : after,
      path: (second ?? first).text,
      previousPath: second && first.text,
    });
    at = (second ?? first).next;
  }
  return { changes, end: at };
}

function readCounts(output: Buffer, start: number, count: number) {
  const lines: { additions: number; deletions: number }[] = [];
  let at = start;
  while (lines.length < count) {
    const record = field(output, at);
    const [additions, deletions, path] = record.text.split("\t");
    // Binary files have no lines: git writes "-".
    lines.push({ additions: Number(additions) || 0, deletions: Number(deletions) || 0 });
    // A rename's record has an empty path; the two paths follow as separate fields.
    at = path === "" ? field(output, field(output, record.next).next).next : record.next;
  }
  return { lines, end: at };
}

/** The hunks for each change, without the header; `undefined` where there is none (binary, mode only, empty). */
function splitPatches(text: string, changes: readonly RawChange[]): (string | undefined)[] {
  const sections = text.split(/^(?=diff --git )/m).filter(Boolean);
  let at = 0;
  return changes.map((change) => {
    // A change of kind (file to link) is shown as a removal and an addition.
    const size = change.letter === "T" ? 2 : 1;
    const hunks = sections
      .slice(at, at + size)
      .map(hunksOf)
      .filter(Boolean);
    at += size;
    return hunks.length > 0 ? hunks.join("\n") : undefined;
  });
}

function hunksOf(section: string): string {
  const start = section.search(/^@@ /m);
  return start < 0 ? "" : section.slice(start).replace(/\n$/, "");
}

function field(output: Buffer, at: number): { text: string; next: number } {
  const end = output.indexOf(0, at);
  if (end < 0) throw new Error("cannot parse the output of git diff-tree");
  return { text: output.toString("utf8", at, end), next: end + 1 };
}
