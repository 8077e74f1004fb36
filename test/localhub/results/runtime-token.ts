/**
 * The bearer tokens a job gets for this service. `ACTIONS_RUNTIME_TOKEN` is a JWT because the artifact client reads
 * the run and the job from its `scp` claim; only this service has to verify it, so a shared secret signs it.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Job } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { type CacheScopes, cacheScopesOf } from "./cache-scopes.ts";

/** What a token is for: the cache and artifact calls, or the request for an identity token. */
export type TokenPurpose = "results" | "id-token";

export interface RuntimeTokens {
  issue(job: Job, purpose: TokenPurpose): string;
  /**
   * The job of a valid token of that purpose, until the job has completed; `undefined` for any other text. GitHub docs,
   * `GITHUB_TOKEN`: a job gets its tokens before it begins, and they expire when it finishes.
   */
  verify(value: string, purpose: TokenPurpose): Job | undefined;
}

/** Permission bits of the `ac` claim, as in the cache service of github.com. */
const READ = 1;
const READ_AND_WRITE = 3;

const SCOPE = { results: "Actions.Results", "id-token": "Actions.GenerateIdToken" } as const;
const HEADER = encoded({ alg: "HS256", typ: "JWT" });

export function createRuntimeTokens(world: World, issuer: () => string): RuntimeTokens {
  const secret = randomBytes(32);
  const sign = (text: string): Buffer => createHmac("sha256", secret).update(text).digest();

  return {
    issue(job, purpose) {
      const now = Math.floor(world.clock.now().getTime() / 1000);
      const payload = encoded({
        iss: issuer(),
        scp: `${SCOPE[purpose]}:${job.run.id}:${job.id}`,
        ac: JSON.stringify(accessControl(cacheScopesOf(job.run))),
        jti: randomBytes(16).toString("hex"),
        nbf: now,
        iat: now,
      });
      const text = `${HEADER}.${payload}`;
      return `${text}.${sign(text).toString("base64url")}`;
    },
    verify(value, purpose) {
      const [header, payload, signature] = value.split(".");
      if (header === undefined || payload === undefined || signature === undefined) return undefined;
      const given = Buffer.from(signature, "base64url");
      const expected = sign(`${header}.${payload}`);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
      const { scp }: { scp: string } = JSON.parse(Buffer.from(payload, "base64url").toString());
      const [scope, , jobId] = scp.split(":");
      if (scope !== SCOPE[purpose]) return undefined;
      const job = findJob(world, Number(jobId));
      return job === undefined || job.status === "completed" ? undefined : job;
    },
  };
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function accessControl(scopes: CacheScopes) {
  return scopes.read.map((ref) => ({ Scope: ref, Permission: ref === scopes.write ? READ_AND_WRITE : READ }));
}

function findJob(world: World, id: number): Job | undefined {
  for (const repository of world.repositories.values()) {
    const job = repository.actions.jobs.get(id);
    if (job) return job;
  }
  return undefined;
}
