/**
 * Creating tokens. They have GitHub's format (`ghp_`, `github_pat_`, `ghs_`), so that code that masks them is tested.
 */
import { randomBytes } from "node:crypto";
import type { Account, App, Permissions } from "../../world/identity.ts";
import type { Repository } from "../../world/repository.ts";
import type { Token } from "../../world/tokens.ts";
import type { World } from "../../world/world.ts";
import { actionsApp } from "./accounts.ts";

/** A `GITHUB_TOKEN` is valid as long as its job runs, at most a day. */
const JOB_TOKEN_HOURS = 24;
const APP_TOKEN_HOURS = 1;

/** A person's classic token: permits everything the person's role allows. */
export function classicToken(world: World, actor: Account): Token {
  return issueToken(world, { kind: "classic", actor, prefix: "ghp_" });
}

export function fineGrainedToken(
  world: World,
  actor: Account,
  permissions: Permissions,
  repository?: Repository,
): Token {
  return issueToken(world, { kind: "fine-grained", actor, prefix: "github_pat_", permissions, repository });
}

export function appToken(world: World, app: App, permissions: Permissions, repository?: Repository): Token {
  return issueToken(world, {
    kind: "app",
    actor: app.bot,
    app,
    prefix: `ghs_${app.id}_`,
    permissions,
    repository,
    hours: APP_TOKEN_HOURS,
  });
}

/** A job's `GITHUB_TOKEN`. */
export function jobToken(world: World, repository: Repository, jobId: number, permissions: Permissions): Token {
  const app = actionsApp(world);
  return issueToken(world, {
    kind: "actions",
    actor: app.bot,
    app,
    prefix: `ghs_${app.id}_`,
    permissions: { ...permissions, metadata: "read" },
    repository,
    jobId,
    hours: JOB_TOKEN_HOURS,
  });
}

interface NewToken {
  readonly kind: Token["kind"];
  readonly actor: Account;
  readonly prefix: string;
  readonly app?: App;
  readonly permissions?: Permissions;
  readonly repository?: Repository | undefined;
  readonly jobId?: number;
  readonly hours?: number;
}

function issueToken(world: World, input: NewToken): Token {
  const token: Token = {
    value: input.prefix + randomBytes(24).toString("base64url").replaceAll(/[-_]/g, "x"),
    kind: input.kind,
    actor: input.actor,
    app: input.app,
    permissions: input.permissions,
    repository: input.repository,
    jobId: input.jobId,
    expiresAt: input.hours === undefined ? undefined : new Date(world.clock.now().getTime() + input.hours * 3_600_000),
    revoked: false,
  };
  world.tokens.set(token.value, token);
  return token;
}
