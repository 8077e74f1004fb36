/** The ledger on a branch, through GitHub's git database. */
import * as z from "zod";
import type { Ledger } from "../../core/promotion/ledger.ts";
import { ledgerBranchName } from "../../core/registry/ref-name.ts";
import { userError } from "../../problem/problem.ts";
import { blobId, commitIds, treeId } from "../github/git-object-id.ts";
import { type GitHub, GitHubError } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";
import { verifyWritten } from "../github/written-object.ts";

const LEDGER_FILE = "ledger.jsonl";

const sha = z.string().regex(/^[0-9a-f]{40}$/);
const branch = z.object({ object: z.object({ sha, type: z.literal("commit") }) });
const tree = z.object({
  truncated: z.boolean(),
  tree: z.array(z.object({ path: z.string(), type: z.string(), mode: z.string(), sha })),
});
const blob = z.object({ encoding: z.literal("base64"), content: z.string(), size: z.int() });

const gitCommit = z.object({ message: z.string(), tree: z.object({ sha }), parents: z.array(z.object({ sha })) });

/** A fixed name: together with the entry's timestamp, an entry always gives the same commit, also when it is written twice. */
const COMMIT_AUTHOR = { name: "mlops-actions", email: "mlops-actions@users.noreply.github.com" };

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
      const commit = await writeCommit(github, { text, parent: onto.head, at, title });
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

interface LedgerCommit {
  readonly text: string;
  readonly parent: string | undefined;
  readonly at: string;
  readonly title: string;
}

/** Git names objects by their bytes, so that writing them may be repeated like a PUT. */
async function writeCommit({ rest, repository }: GitHub, { text, parent, at, title }: LedgerCommit): Promise<string> {
  const root = treeId(LEDGER_FILE, blobId(text));
  const files = [{ path: LEDGER_FILE, mode: "100644", type: "blob", content: text } as const];
  const written = await rest.git.createTree({ ...repository, tree: files });
  await verifyWritten([root], written.data, async () => false);
  const by = { ...COMMIT_AUTHOR, date: at };
  const parents = parent === undefined ? [] : [parent];
  const commit = { message: title, tree: root, parents, author: by, committer: by };
  const { data } = await rest.git.createCommit({ ...repository, ...commit });
  return verifyWritten(commitIds({ tree: root, parents, by, message: title }), data, async (sha) => {
    const found = await rest.git.getCommit({ ...repository, commit_sha: sha });
    const { message, ...links } = parseResponse(gitCommit, found.data, `commit ${sha}`);
    const parentsFound = links.parents.map((one) => one.sha);
    return message.trim() === title.trim() && links.tree.sha === root && parentsFound.join() === parents.join();
  });
}

const ledgerBroken = (name: string, what: string) =>
  userError({
    code: "ledger-broken",
    message: `the branch ${name} is not a ledger: ${what}`,
    place: { file: `${name}:${LEDGER_FILE}` },
    fix: "Find out who changed it, and restore the branch from a clone that has all of it",
  });
