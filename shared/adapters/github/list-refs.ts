/**
 * Refs by several prefixes in one request, by git's own protocol (gitprotocol-v2, "ls-refs"). GitHub's API has them one prefix at a
 * time, each as an object with several addresses.
 */
import { readBytes } from "./body.ts";
import type { GitRefLine, GitRefs } from "./github.ts";
import type { Throttle } from "./throttle.ts";

export interface RefServer {
  /** The repository's page, which is also its address for git. */
  readonly repository: string | undefined;
  readonly authorization: () => string;
  readonly throttle: Throttle;
  readonly signal: AbortSignal;
}

const TIMEOUT_MS = 30_000;
const MAX_BYTES = 16 * 1024 * 1024;
const [FLUSH, DELIMITER] = ["0000", "0001"];
const LENGTH_DIGITS = 4;

/** @returns `undefined` where git's server cannot be asked, or answers in another way: the API must be asked then */
export async function listRefs(server: RefServer, prefixes: readonly string[]): Promise<GitRefs | undefined> {
  const { repository, throttle, signal } = server;
  if (repository === undefined) return undefined;
  try {
    return await throttle.read(() => ask(repository, server, prefixes));
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

async function ask(repository: string, server: RefServer, prefixes: readonly string[]): Promise<GitRefs | undefined> {
  const [, token = ""] = server.authorization().split(" ");
  const response = await fetch(`${repository.replace(/\/+$/, "")}.git/git-upload-pack`, {
    method: "POST",
    // The token is for this address alone.
    redirect: "error",
    signal: AbortSignal.any([server.signal, AbortSignal.timeout(TIMEOUT_MS)]),
    headers: {
      authorization: `Basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`,
      "content-type": "application/x-git-upload-pack-request",
      accept: "application/x-git-upload-pack-result",
      "git-protocol": "version=2",
      "user-agent": "git/mlops-actions",
    },
    body: formatRequest(["HEAD", ...prefixes]),
  });
  const bytes = await readBytes(response, MAX_BYTES);
  return response.status === 200 && bytes !== undefined ? parseRefs(bytes, prefixes) : undefined;
}

const formatRequest = (prefixes: readonly string[]): string =>
  [
    formatLine("command=ls-refs"),
    DELIMITER,
    ...["symrefs", "peel", ...prefixes.map((prefix) => `ref-prefix ${prefix}`)].map(formatLine),
    FLUSH,
  ].join("");

function formatLine(text: string): string {
  const length = Buffer.byteLength(text) + 1 + LENGTH_DIGITS;
  return `${length.toString(16).padStart(LENGTH_DIGITS, "0")}${text}\n`;
}

/** @returns `undefined` for anything but complete lines up to the end that git marks */
export function parseRefs(bytes: Buffer, prefixes: readonly string[]): GitRefs | undefined {
  const refs: GitRefLine[] = [];
  let defaultBranch: string | undefined;
  for (let at = 0; ; ) {
    const digits = bytes.toString("latin1", at, at + LENGTH_DIGITS);
    if (digits === FLUSH) return at + LENGTH_DIGITS === bytes.length ? { refs, defaultBranch } : undefined;
    const end = at + Number.parseInt(digits, 16);
    if (!/^[0-9a-f]{4}$/.test(digits) || end <= at + LENGTH_DIGITS || end > bytes.length) return undefined;
    const line = bytes.toString("utf8", at + LENGTH_DIGITS, end).replace(/\n$/, "");
    const [, object, name, rest = ""] = /^([0-9a-f]{40}) (\S+)((?: \S+)*)$/.exec(line) ?? [];
    if (object === undefined || name === undefined) return undefined;
    if (name === "HEAD") defaultBranch = / symref-target:refs\/heads\/(\S+)/.exec(rest)?.[1];
    // A server may send more than was asked for.
    if (prefixes.some((prefix) => name.startsWith(prefix)))
      refs.push({ name, object, annotated: / peeled:[0-9a-f]{40}/.test(rest) });
    at = end;
  }
}
