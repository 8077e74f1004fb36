/** How a checkout stores its token: in a file of the temp folder that the repository's configuration includes. */
import { randomUUID } from "node:crypto";
import { appendFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { GitCommand } from "./git-command.ts";

export interface Credentials {
  /** The form of the token in the file; must not be logged. */
  readonly secret: string;
  readonly file: string;
  /** The repository's configuration, and what was added to it. */
  readonly config: string;
  readonly entry: string;
  readonly includeKey: string;
}

export interface CredentialsRequest {
  readonly url: string;
  readonly folder: string;
  readonly temp: string;
  readonly token: string;
}

/**
 * As actions/checkout does since v6: `.git/config` itself never contains the token. The entry is appended to the file and cut off again:
 * each call of `git config` would be a process more.
 */
export async function installCredentials(git: GitCommand, request: CredentialsRequest): Promise<Credentials> {
  const secret = Buffer.from(`x-access-token:${request.token}`).toString("base64");
  const file = join(request.temp, `git-credentials-${randomUUID()}.config`);
  const { origin } = new URL(request.url);
  await writeFile(file, `[http "${origin}/"]\n\textraheader = AUTHORIZATION: basic ${secret}\n`, { mode: 0o600 });
  const gitFolder = join(request.folder, ".git");
  const includeKey = `includeIf.gitdir:${gitFolder}.path`;
  const entry = `[includeIf ${quote(`gitdir:${gitFolder}`)}]\n\tpath = ${quote(file)}\n`;
  const config = join(gitFolder, "config");
  // An entry of an earlier job may still exist.
  if ((await readFile(config, "utf8")).includes("includeIf")) await unsetInclude(git, includeKey);
  await appendFile(config, entry);
  return { secret, file, config, entry, includeKey };
}

export async function removeCredentials(git: GitCommand, credentials: Credentials): Promise<void> {
  const { file, config, entry, includeKey } = credentials;
  const text = await readFile(config, "utf8").catch(() => "");
  if (text.includes(entry)) await writeFile(config, text.replace(entry, ""));
  // A step in between has written the file anew.
  else await unsetInclude(git, includeKey);
  await rm(file, { force: true });
}

/** As git writes a value that may have any character. */
const quote = (text: string): string => `"${text.replaceAll(/["\\]/g, "\\$&")}"`;

async function unsetInclude(git: GitCommand, includeKey: string): Promise<void> {
  await git.tryRun("config", "--local", "--unset-all", includeKey);
}
