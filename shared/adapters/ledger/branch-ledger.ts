/** The ledger in one file on a branch, through GitHub's contents API. */
import * as z from "zod";
import { REPAIR_FIX } from "../../core/promotion/add-entry.ts";
import type { Ledger, LedgerFile } from "../../core/promotion/ledger.ts";
import { ledgerBranchName } from "../../core/registry/ref-name.ts";
import { type ActionError, refused, userError } from "../../problem/problem.ts";
import { digestOf } from "../files/digest.ts";
import { blobId } from "../github/git-object-id.ts";
import { type GitHub, GitHubError } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";
import { writeFileCommit } from "../github/write-file-commit.ts";

const LEDGER_FILE = "ledger.jsonl";
/** Hundreds of times what its two newest parts are, and ten times what 1,000 promotions left before there were parts. */
const MAX_BYTES = 32 * 1024 * 1024;

const sha = z.string().regex(/^[0-9a-f]{40}$/);
const branch = z.object({ object: z.object({ sha, type: z.literal("commit") }) });
/** Over 1 MB, GitHub sends it without its content. */
const content = z.object({
  type: z.literal("file"),
  sha,
  size: z.int(),
  encoding: z.enum(["base64", "none"]),
  content: z.string(),
});
const blob = z.object({ encoding: z.literal("base64"), content: z.string() });
const written = z.object({ content: z.object({ sha }), commit: z.object({ sha }) });

export function createBranchLedger(github: GitHub, model: string): Ledger {
  const name = ledgerBranchName(model);
  const { rest, repository } = github;
  const at = { ...repository, path: LEDGER_FILE };

  /** By its full name: a tag may have the name of the branch. */
  async function read(): Promise<LedgerFile> {
    const found = await github.find(() => rest.repos.getContent({ ...at, ref: `refs/heads/${name}` }));
    return found === undefined ? { head: undefined, text: "" } : readContent(github, name, found);
  }

  async function readHead(): Promise<string | undefined> {
    const found = await github.find(() => rest.git.getRef({ ...repository, ref: `heads/${name}` }));
    return found === undefined ? undefined : parseResponse(branch, found, `the branch ${name}`).object.sha;
  }

  /**
   * GitHub compares the blob that is replaced, and then the head that it has built on: of two writers, one gets in.
   *
   * @returns the blob that the branch has then
   */
  async function replaceFile(blobBefore: string | undefined, text: string, title: string): Promise<string | undefined> {
    const id = blobId(text);
    let commit: string | undefined;
    const request = { ...at, branch: name, message: title, content: Buffer.from(text).toString("base64") };
    return github.writeOnce({
      async send() {
        const expected = blobBefore === undefined ? {} : { sha: blobBefore };
        const { data } = await rest.repos.createOrUpdateFileContents({ ...request, ...expected });
        const response = parseResponse(written, data, `the commit to ${name}`);
        if (response.content.sha !== id) throw otherContent(name, response.content.sha);
        commit = response.commit.sha;
        return id;
      },
      async find() {
        if (commit !== undefined && (await readHead()) === commit) return id;
        const { head } = await read();
        return head === blobBefore ? undefined : head;
      },
      confirm: true,
    });
  }

  /** The first line: the branch shares no history with the code. */
  async function createBranch(text: string, time: string, title: string): Promise<string | undefined> {
    const commit = await writeFileCommit(github, { path: LEDGER_FILE, text, parent: undefined, at: time, title });
    const head = await github.writeOnce({
      async send() {
        await rest.git.createRef({ ...repository, ref: `refs/heads/${name}`, sha: commit });
        return commit;
      },
      find: readHead,
      confirm: true,
    });
    return head === commit ? blobId(text) : (await read()).head;
  }

  return {
    name: `${name}:${LEDGER_FILE}`,
    read,

    async append(onto, line, time, title, keepFrom = 0) {
      // A last line that somebody cut off stays one, and has no effect.
      const kept = onto.text.slice(keepFrom);
      const start = kept === "" || kept.endsWith("\n") ? kept : `${kept}\n`;
      const text = `${start}${line}\n`;
      const isNew = onto.head === undefined && (await readHead()) === undefined;
      const write = isNew ? createBranch(text, time, title) : replaceFile(onto.head, text, title);
      const head = await write.catch(async (error: unknown) => {
        if (!(error instanceof GitHubError) || (error.status !== 422 && error.status !== 409)) throw error;
        // Rejected because the file or the branch has changed, or because a rule forbids it?
        const now = await read();
        if (now.head !== onto.head) return now.head;
        if (isNew) await assertFolderFree(github, name);
        throw error;
      });
      return head === blobId(text) ? { head, text } : undefined;
    },

    async readOlder({ blob: id, digest }) {
      const found = await github.find(() => rest.git.getBlob({ ...repository, file_sha: id }));
      if (found === undefined) return undefined;
      const text = Buffer.from(parseResponse(blob, found, "an older part of the ledger").content, "base64").toString();
      return digestOf(text) === digest ? text : undefined;
    },
  };
}

async function readContent(github: GitHub, name: string, found: unknown): Promise<LedgerFile> {
  const file = parseResponse(content, found, `the file of ${name}`);
  if (file.size > MAX_BYTES) throw tooLarge(name, file.size);
  const bytes = Buffer.from(file.encoding === "none" ? await readBlob(github, file.sha) : file.content, "base64");
  if (blobId(bytes) !== file.sha) throw otherContent(name, blobId(bytes));
  try {
    return { head: file.sha, text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    const message = `the branch ${name} is not a ledger: it is not UTF-8`;
    const place = { file: `${name}:${LEDGER_FILE}` };
    return { head: file.sha, text, damage: { code: "ledger-broken", message, place, fix: REPAIR_FIX } };
  }
}

async function readBlob({ rest, repository }: GitHub, id: string): Promise<string> {
  const { data } = await rest.git.getBlob({ ...repository, file_sha: id });
  return parseResponse(blob, data, "the ledger").content;
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

const tooLarge = (name: string, bytes: number): ActionError =>
  refused({
    code: "ledger-too-large",
    message: `the ledger's file has ${bytes} bytes, which no promotions have written`,
    place: { file: `${name}:${LEDGER_FILE}` },
    fix: "Find out who changed it, and restore it with one more commit",
  });

const otherContent = (name: string, id: string): GitHubError =>
  new GitHubError({
    code: "github-odd-answer",
    message: `GitHub's response about ${name} is about ${id}, which is not the content that was sent`,
    fix: "Re-run the job; if it happens again, look at the proxy between the runner and GitHub",
  });
