/** The ledger on a branch, through GitHub's git database. */
import * as z from "zod";
import type { Ledger } from "../../core/promotion/ledger.ts";
import { ledgerBranchName } from "../../core/registry/ref-name.ts";
import { userError } from "../../problem/problem.ts";
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
        : { head: commit, text: await readLedgerFile(github, name, commit) };
    },

    async append(onto, line, at, title) {
      const text = `${onto.text}${line}\n`;
      const commit = await writeFileCommit(github, { path: LEDGER_FILE, text, parent: onto.head, at, title });
      return (await moveBranch(onto.head, commit)) ? { head: commit, text } : undefined;
    },
  };
}

async function readLedgerFile(github: GitHub, name: string, commit: string): Promise<string> {
  const { rest, repository } = github;
  const response = await rest.git.getTree({ ...repository, tree_sha: commit });
  const entries = parseResponse(tree, response.data, `the branch ${name}`).tree;
  const [file] = entries;
  if (file === undefined || entries.length !== 1 || file.path !== LEDGER_FILE || file.mode !== "100644") {
    const names = entries.slice(0, 3).map(({ path }) => path);
    throw ledgerBroken(name, `the branch contains ${names.join(", ") || "nothing"}`);
  }
  const { data } = await rest.git.getBlob({ ...repository, file_sha: file.sha });
  const { content, size } = parseResponse(blob, data, `the file of ${name}`);
  const bytes = Buffer.from(content, "base64");
  if (bytes.length !== size) throw ledgerBroken(name, `GitHub returned ${bytes.length} of its ${size} bytes`);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw ledgerBroken(name, "it is not UTF-8");
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

const ledgerBroken = (name: string, what: string) =>
  userError({
    code: "ledger-broken",
    message: `the branch ${name} is not a ledger: ${what}`,
    place: { file: `${name}:${LEDGER_FILE}` },
    fix: "Find out who changed it, and restore the branch from a clone that has all of it",
  });
