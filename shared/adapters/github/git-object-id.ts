/**
 * The names of git objects, computed here. Git names an object by its bytes: a response that names another object than the
 * one that was sent is noticed before anything points to it.
 */
import { createHash } from "node:crypto";

/** Author and committer, or tagger; always in UTC. */
export interface GitPerson {
  readonly name: string;
  readonly email: string;
  /** ISO 8601. */
  readonly date: string;
}

export const blobId = (content: string | Buffer): string => objectId("blob", Buffer.from(content));

/** A tree with this one file, not executable. */
export const treeId = (path: string, blob: string): string =>
  objectId("tree", Buffer.concat([Buffer.from(`100644 ${path}\0`), Buffer.from(blob, "hex")]));

/** Both names that a commit may get: with and without a line end after its message. */
export function commitIds(commit: {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly by: GitPerson;
  readonly message: string;
}): readonly string[] {
  const { tree, parents, by, message } = commit;
  const people = [`author ${formatPerson(by)}`, `committer ${formatPerson(by)}`];
  return messageIds("commit", [`tree ${tree}`, ...parents.map((parent) => `parent ${parent}`), ...people], message);
}

/** Both names that an annotated tag may get. */
export function tagIds(tag: {
  readonly commit: string;
  readonly name: string;
  readonly by: GitPerson;
  readonly message: string;
}): readonly string[] {
  const { commit, name, by, message } = tag;
  const lines = [`object ${commit}`, "type commit", `tag ${name}`, `tagger ${formatPerson(by)}`];
  return messageIds("tag", lines, message);
}

const messageIds = (type: string, lines: readonly string[], message: string): readonly string[] =>
  ["", "\n"].map((end) => objectId(type, Buffer.from(`${lines.join("\n")}\n\n${message}${end}`)));

const formatPerson = ({ name, email, date }: GitPerson): string =>
  `${name} <${email}> ${Math.floor(Date.parse(date) / 1000)} +0000`;

const objectId = (type: string, content: Buffer): string =>
  createHash("sha1").update(`${type} ${content.length}\0`).update(content).digest("hex");
