/** The ledger on a branch, through GitHub's git database. */
import * as z from "zod";
import type { Ledger } from "../../core/promotion/ledger.ts";
import { userError } from "../../problem/problem.ts";
import { type GitHub, GitHubError, type Json } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";

const LEDGER_FILE = "ledger.jsonl";

const sha = z.string().regex(/^[0-9a-f]{40}$/);
const branch = z.object({ object: z.object({ sha, type: z.literal("commit") }) });
const tree = z.object({
  truncated: z.boolean(),
  tree: z.array(z.object({ path: z.string(), type: z.string(), mode: z.string(), sha })),
});
const blob = z.object({ encoding: z.literal("base64"), content: z.string(), size: z.int() });
const gitObject = z.object({ sha });

/** A fixed name: together with the entry's timestamp, an entry always gives the same commit, also when it is written twice. */
const COMMIT_AUTHOR = { name: "mlops-actions", email: "mlops-actions@users.noreply.github.com" };

export function createBranchLedger(github: GitHub, model: string): Ledger {
  const name = `mlops-ledger/${model}`;

  const findBranch = (): Promise<Json | undefined> =>
    github.find("GET /repos/{owner}/{repo}/git/ref/{ref}", { ref: `heads/${name}` });

  async function readHead(): Promise<string | undefined> {
    const response = await findBranch();
    return response === undefined ? undefined : parseResponse(branch, response, `the branch ${name}`).object.sha;
  }

  /** @returns false when another writer has moved or created the branch meanwhile */
  async function moveBranch(from: string | undefined, to: string): Promise<boolean> {
    try {
      if (from === undefined) {
        const send = { route: "POST /repos/{owner}/{repo}/git/refs", params: { ref: `refs/heads/${name}`, sha: to } };
        const created = await github.create({ send, find: findBranch });
        return parseResponse(branch, created, `the branch ${name}`).object.sha === to;
      }
      const params = { ref: `heads/${name}`, sha: to, force: false };
      await github.write("PATCH /repos/{owner}/{repo}/git/refs/{ref}", params);
      return true;
    } catch (error) {
      if (!(error instanceof GitHubError) || (error.status !== 422 && error.status !== 409)) throw error;
      // Rejected because the branch has moved, or because a rule forbids to move it?
      const now = await readHead();
      if (now === from) throw error;
      return now === to;
    }
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
      const commit = await writeCommit(github, { text, parent: onto.head, at, title });
      return (await moveBranch(onto.head, commit)) ? { head: commit, text } : undefined;
    },
  };
}

async function readLedgerFile(github: GitHub, name: string, commit: string): Promise<string> {
  const response = await github.read("GET /repos/{owner}/{repo}/git/trees/{tree_sha}", { tree_sha: commit });
  const entries = parseResponse(tree, response, `the branch ${name}`).tree;
  const [file] = entries;
  if (file === undefined || entries.length !== 1 || file.path !== LEDGER_FILE || file.mode !== "100644") {
    const names = entries.slice(0, 3).map(({ path }) => path);
    throw ledgerBroken(name, `the branch contains ${names.join(", ") || "nothing"}`);
  }
  const data = await github.read("GET /repos/{owner}/{repo}/git/blobs/{file_sha}", { file_sha: file.sha });
  const { content, size } = parseResponse(blob, data, `the file of ${name}`);
  const bytes = Buffer.from(content, "base64");
  if (bytes.length !== size) throw ledgerBroken(name, `GitHub returned ${bytes.length} of its ${size} bytes`);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw ledgerBroken(name, "it is not UTF-8");
  }
}

interface LedgerCommit {
  readonly text: string;
  readonly parent: string | undefined;
  readonly at: string;
  readonly title: string;
}

/** Git names objects by their bytes, so that writing them may be repeated like a PUT. */
async function writeCommit(github: GitHub, { text, parent, at, title }: LedgerCommit): Promise<string> {
  const files = [{ path: LEDGER_FILE, mode: "100644", type: "blob", content: text }];
  const root = shaOf(await github.write("POST /repos/{owner}/{repo}/git/trees", { tree: files }));
  const person = { ...COMMIT_AUTHOR, date: at };
  const commit = await github.write("POST /repos/{owner}/{repo}/git/commits", {
    message: title,
    tree: root,
    parents: parent === undefined ? [] : [parent],
    author: person,
    committer: person,
  });
  return shaOf(commit);
}

const shaOf = (response: Json): string => parseResponse(gitObject, response, "what was written to the ledger").sha;

const ledgerBroken = (name: string, what: string) =>
  userError({
    code: "ledger-broken",
    message: `the branch ${name} is not a ledger: ${what}`,
    place: { file: `${name}:${LEDGER_FILE}` },
    fix: "Find out who changed it, and restore the branch from a clone that has all of it",
  });
