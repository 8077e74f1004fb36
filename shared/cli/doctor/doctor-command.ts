/** `doctor`: which gates and protections of a repository are not real, and what to do about each. */
import { readRepository } from "../../adapters/doctor/read-repository.ts";
import { readSettings } from "../../adapters/doctor/read-settings.ts";
import { createWorkspaceFiles } from "../../adapters/files/create-workspace-files.ts";
import { createGitCheckout } from "../../adapters/git/git-checkout.ts";
import { createGitHub } from "../../adapters/github/client.ts";
import { getOctokit } from "../../adapters/github/octokit.ts";
import { examine, findTrustLevel } from "../../core/doctor/examine.ts";
import { type FoundPolicy, listLedgers } from "../../core/doctor/facts.ts";
import { NEEDED_PERMISSIONS } from "../../core/doctor/needed-permissions.ts";
import type { RepositorySettings } from "../../core/doctor/settings.ts";
import { userError } from "../../problem/problem.ts";
import type { CommandContext, CommandResult } from "../command.ts";
import { findRepository } from "./find-repository.ts";
import { formatDoctor } from "./format-doctor.ts";

export interface DoctorOptions {
  /** `owner/name`; empty: where the folder was cloned from. */
  readonly repository: string;
  /** Address of GitHub's API; empty: by the remote. */
  readonly api: string;
  readonly token: string;
  readonly offline: boolean;
}

export async function doctor(options: DoctorOptions, context: CommandContext): Promise<CommandResult> {
  const read = await readRepository(createWorkspaceFiles(context.folder));
  const { settings, note } = await askGitHub(read.policy, options, context);
  const facts = { ...read, settings, permissions: NEEDED_PERMISSIONS };
  const findings = [...read.unreadable, ...examine(facts)];
  const trust = findTrustLevel(facts, findings);
  return {
    text: formatDoctor(findings, trust, note === undefined ? [] : [note]),
    value: { trust, findings: findings.map(({ severity, problem }) => ({ severity, ...problem })) },
    code: findings.some(({ severity }) => severity === "error") ? 1 : 0,
  };
}

async function askGitHub(
  policy: FoundPolicy,
  { repository, api, token, offline }: DoctorOptions,
  { folder, signal }: CommandContext,
): Promise<{ readonly settings: RepositorySettings | undefined; readonly note?: string }> {
  if (offline) return { settings: undefined, note: "only the folder was examined." };
  if (token === "")
    return { settings: undefined, note: "GitHub was not asked: set GH_TOKEN, for example by gh auth token." };
  const found = findRepository((await createGitCheckout(folder, signal).remoteAddress("origin")) ?? "");
  const name = repository === "" ? found?.name : repository;
  if (name === undefined || !/^[\w.-]+\/[\w.-]+$/.test(name))
    throw userError({
      code: "repository-unknown",
      message:
        name === undefined ? "this folder has no remote on a GitHub" : `${JSON.stringify(name)} is no repository`,
      fix: "Name it by --repository owner/name, or examine only the folder by --offline",
    });
  // A token goes to the GitHub that the folder was cloned from, or to the one that was named, and nowhere else.
  const server = api === "" ? (found?.api ?? "https://api.github.com") : api;
  const github = createGitHub({
    ...{ getOctokit, token, signal, log: { info: () => undefined } },
    context: { repository: name, urls: { api: server } },
  });
  return { settings: await readSettings(github, listLedgers(policy)) };
}
