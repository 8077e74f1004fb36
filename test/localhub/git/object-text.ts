/** Parses and formats the stored text of commits and tags. */
import type { AnnotatedTag, Commit, GitIdentity, NewAnnotatedTag, NewCommit } from "./git-repository.ts";

const SIGNATURE = "gpgsig";

/** @throws Error when the text is not a commit. */
export function parseCommit(sha: string, content: Buffer): Commit {
  const { headers, message } = splitHeaders(content);
  return {
    sha,
    tree: header(headers, "tree", sha),
    parents: headers.filter(([name]) => name === "parent").map(([, value]) => value),
    author: parseIdentity(header(headers, "author", sha)),
    committer: parseIdentity(header(headers, "committer", sha)),
    message,
    ...signatureIn(headers, content),
  };
}

/** @throws Error when the text is not a tag. */
export function parseTag(sha: string, content: Buffer): AnnotatedTag {
  const { headers, message } = splitHeaders(content);
  return {
    sha,
    tag: header(headers, "tag", sha),
    object: header(headers, "object", sha),
    type: header(headers, "type", sha) as AnnotatedTag["type"],
    tagger: parseIdentity(headers.find(([name]) => name === "tagger")?.[1] ?? ""),
    message,
  };
}

export function formatCommit(commit: NewCommit): Buffer {
  const headers = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${formatIdentity(commit.author)}`,
    `committer ${formatIdentity(commit.committer)}`,
    ...(commit.signature === undefined ? [] : [signatureHeader(commit.signature.trim())]),
  ];
  return Buffer.from(`${headers.join("\n")}\n\n${endLine(commit.message)}`);
}

export function formatTag(tag: NewAnnotatedTag): Buffer {
  const headers = [
    `object ${tag.object}`,
    `type ${tag.type}`,
    `tag ${tag.tag}`,
    `tagger ${formatIdentity(tag.tagger)}`,
  ];
  return Buffer.from(`${headers.join("\n")}\n\n${endLine(tag.message)}`);
}

function splitHeaders(content: Buffer): { headers: [string, string][]; message: string } {
  const text = content.toString("utf8");
  const end = text.indexOf("\n\n");
  const head = end < 0 ? text : text.slice(0, end);
  const headers: [string, string][] = [];
  for (const line of head.split("\n")) {
    const last = headers.at(-1);
    // A header (such as a signature) continues in lines that begin with a space.
    if (line.startsWith(" ") && last) last[1] += `\n${line.slice(1)}`;
    else headers.push([line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)]);
  }
  return { headers, message: end < 0 ? "" : withoutEndLine(text.slice(end + 2)) };
}

/** The signed text is the commit without its signature. */
function signatureIn(headers: readonly [string, string][], content: Buffer): Pick<Commit, "signature"> {
  const text = headers.find(([name]) => name === SIGNATURE)?.[1];
  if (text === undefined) return {};
  return { signature: { text, payload: content.toString("utf8").replace(`${signatureHeader(text)}\n`, "") } };
}

const signatureHeader = (text: string): string => `${SIGNATURE} ${text.replaceAll("\n", "\n ")}`;

function header(headers: readonly [string, string][], name: string, sha: string): string {
  const value = headers.find(([key]) => key === name)?.[1];
  if (value === undefined) throw new Error(`git object ${sha} has no "${name}" line`);
  return value;
}

function parseIdentity(text: string): GitIdentity {
  const [, name = "", email = "", seconds = "0"] = /^(.*?) ?<([^>]*)> (-?\d+) [+-]\d+$/s.exec(text) ?? [];
  return { name, email, date: new Date(Number(seconds) * 1000) };
}

function formatIdentity({ name, email, date }: GitIdentity): string {
  const seconds = Math.floor(date.getTime() / 1000);
  return `${plain(name)} <${plain(email)}> ${seconds} +0000`;
}

/** Git removes angle brackets and line breaks from a name or an email address. */
const plain = (text: string): string => text.replaceAll(/[<>\n\0]/g, "").trim();
const endLine = (message: string): string => `${withoutEndLine(message.replaceAll("\0", ""))}\n`;
const withoutEndLine = (message: string): string => (message.endsWith("\n") ? message.slice(0, -1) : message);
