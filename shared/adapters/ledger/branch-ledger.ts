/** The ledger on a branch, through GitHub's git database. */
import * as z from "zod";
import { REPAIR_FIX } from "../../core/promotion/add-entry.ts";
import type { Ledger, LedgerFile } from "../../core/promotion/ledger.ts";
import { ledgerBranchName } from "../../core/registry/ref-name.ts";
import { type Problem, userError } from "../../problem/problem.ts";
import { type GitHub, GitHubError } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";
import { writeFileCommit } from "../github/write-file-commit.ts";

const LEDGER_FILE = "ledger.jsonl";

const sha = z.string().regex(/^[0-9a-f]{40}$/);
const branch = z.object({ object: z.object({ sha, type: z.literal("commit") }) });
const tree = z.object({
  truncated: z.boolean(),
  tree: z.array(z.object({ path: z.string(), type: z.string(), mode: z.string(), sha })),
});
const blob = z.object({ encoding: z.literal("base64"), content: z.string(), size: z.int() });

export function createBranchLedger(github: GitHub, model: string): Ledger {
  const name = ledgerBranchName(model);

  const { rest, repository } = github;

  async function readHead(): Promise<string | undefined> {
    const found = await github.find(() => rest.git.getRef({ ...repository, ref: `heads/${name}` }));
    return found === undefined ? undefined : parseResponse(branch, found, `the branch ${name}`).object.sha;
  }

  /** @returns false when another writer has moved or created the branch meanwhile */
  async function moveBranch(from: string | undefined, to: string): Promise<boolean> {
    const head = await github
      .writeOnce({
        async send() {
          if (from === undefined) await rest.git.createRef({ ...repository, ref: `refs/heads/${name}`, sha: to });
          else await rest.git.updateRef({ ...repository, ref: `heads/${name}`, sha: to, force: false });
          return to;
        },
        async find() {
          const head = await readHead();
          return head === from ? undefined : head;
        },
        confirm: true,
      })
      .catch(async (error: unknown) => {
        if (!(error instanceof GitHubError) || (error.status !== 422 && error.status !== 409)) throw error;
        // Rejected because the branch has moved, or because a rule forbids to move it?
        const now = await readHead();
        if (now !== from) return now;
        if (from === undefined) await assertFolderFree(github, name);
        throw error;
      });
    return head === to;
  }

  return {
    name: `${name}:${LEDGER_FILE}`,

    async read() {
      const commit = await readHead();
      return commit === undefined
        ? { head: undefined, text: "" }
        : { head: commit, ...(await readLedgerFile(github, name, commit)) };
    },

    async append(onto, line, at, title) {
      // A last line that somebody cut off stays one, and has no effect.
      const start = onto.text === "" || onto.text.endsWith("\n") ? onto.text : `${onto.text}\n`;
      const text = `${start}${line}\n`;
      const commit = await writeFileCommit(github, { path: LEDGER_FILE, text, parent: onto.head, at, title });
      return (await moveBranch(onto.head, commit)) ? { head: commit, text } : undefined;
    },
  };
}

/** What of it is a ledger, and what is not. */
async function readLedgerFile(github: GitHub, name: string, commit: string): Promise<Omit<LedgerFile, "head">> {
  const { rest, repository } = github;
  const response = await rest.git.getTree({ ...repository, tree_sha: commit });
  const entries = parseResponse(tree, response.data, `the branch ${name}`).tree;
  const file = entries.find(({ path, mode }) => path === LEDGER_FILE && mode === "100644");
  const names = entries.slice(0, 3).map(({ path }) => path);
  const content = names.join(", ") || "nothing";
  if (file === undefined) return { text: "", damage: ledgerBroken(name, `the branch contains ${content}`) };
  const { data } = await rest.git.getBlob({ ...repository, file_sha: file.sha });
  const { content: encoded, size } = parseResponse(blob, data, `the file of ${name}`);
  const bytes = Buffer.from(encoded, "base64");
  if (bytes.length !== size) throw incomplete(name, bytes.length, size);
  const decoded = decode(bytes);
  if (decoded.damage !== undefined) return { text: decoded.text, damage: ledgerBroken(name, decoded.damage) };
  if (entries.length === 1) return { text: decoded.text };
  return { text: decoded.text, damage: ledgerBroken(name, `the branch contains ${content}`) };
}

function decode(bytes: Uint8Array): { readonly text: string; readonly damage?: string } {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes), damage: "it is not UTF-8" };
  }
}

/** Git keeps branches as files in folders: none can be below another. @throws ActionError `ledger-branch-blocked` */
async function assertFolderFree({ rest, repository, find }: GitHub, name: string): Promise<void> {
  const folder = name.slice(0, name.lastIndexOf("/"));
  if ((await find(() => rest.git.getRef({ ...repository, ref: `heads/${folder}` }))) === undefined) return;
  throw userError({
    code: "ledger-branch-blocked",
    message: `the ledger's branch ${name} cannot be created: there is a branch ${folder}`,
    fix: `Rename or delete the branch ${folder}, and re-run the job`,
  });
}

const ledgerBroken = (name: string, what: string): Problem => ({
  code: "ledger-broken",
  message: `the branch ${name} is not a ledger: ${what}`,
  place: { file: `${name}:${LEDGER_FILE}` },
  fix: REPAIR_FIX,
});

const incomplete = (name: string, got: number, size: number): GitHubError =>
  new GitHubError({
    code: "github-odd-answer",
    message: `GitHub returned ${got} of the ${size} bytes of ${name}`,
    fix: "Re-run the job",
  });
