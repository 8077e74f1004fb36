/** How a checkout stores its token: in a file of the temp folder that the repository's configuration includes. */
import { randomUUID } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { GitCommand } from "./git-command.ts";

export interface Credentials {
  /** The form of the token in the file; must not be logged. */
  readonly secret: string;
  readonly file: string;
  readonly includeKey: string;
}

export interface CredentialsRequest {
  readonly url: string;
  readonly folder: string;
  readonly temp: string;
  readonly token: string;
}

/** As actions/checkout does since v6: `.git/config` itself never contains the token. */
export async function installCredentials(git: GitCommand, request: CredentialsRequest): Promise<Credentials> {
  const secret = Buffer.from(`x-access-token:${request.token}`).toString("base64");
  const file = join(request.temp, `git-credentials-${randomUUID()}.config`);
  const { origin } = new URL(request.url);
  await writeFile(file, `[http "${origin}/"]\n\textraheader = AUTHORIZATION: basic ${secret}\n`, { mode: 0o600 });
  const includeKey = `includeIf.gitdir:${join(request.folder, ".git")}.path`;
  const credentials = { secret, file, includeKey };
  await unsetInclude(git, includeKey);
  await git.run("config", "--local", includeKey, file);
  return credentials;
}

export async function removeCredentials(git: GitCommand, { file, includeKey }: Credentials): Promise<void> {
  await unsetInclude(git, includeKey);
  await rm(file, { force: true });
}

/** An entry of an earlier job may still exist. */
async function unsetInclude(git: GitCommand, includeKey: string): Promise<void> {
  await git.tryRun("config", "--local", "--unset-all", includeKey);
}
