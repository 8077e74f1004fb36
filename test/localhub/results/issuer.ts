/** The OpenID Connect issuer: signs identity tokens with a key for the lifetime of the server, and publishes it. */
import { randomUUID } from "node:crypto";
import type { Job } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { claimsOf, defaultAudience } from "./id-token.ts";

export interface Issuer {
  /** A signed token for the job; by default its audience is the owner's page. */
  token(job: Job, audience: string | undefined): Promise<string>;
  /** The JSON Web Key Set and the discovery document that verifiers read. */
  keys(): Promise<object>;
  discovery(): object;
}

/** Seconds. GitHub's example token is valid from ten minutes before it was issued to five minutes after. */
const VALID_BEFORE = 600;
const VALID_AFTER = 300;

export function createIssuer(world: World, url: () => string): Issuer {
  const keyId = randomUUID();
  // Creating an RSA key takes a tenth of a second: it is created for the first identity token.
  let created: ReturnType<typeof createKey> | undefined;
  const key = () => (created ??= createKey());

  return {
    async token(job, audience) {
      const { sign } = await key();
      const now = Math.floor(world.clock.now().getTime() / 1000);
      return sign(keyId, {
        jti: randomUUID(),
        ...claimsOf(job),
        aud: audience ?? defaultAudience(world, job),
        iss: url(),
        iat: now,
        nbf: now - VALID_BEFORE,
        exp: now + VALID_AFTER,
      });
    },
    async keys() {
      const { publicJwk } = await key();
      return { keys: [{ ...publicJwk, kid: keyId, use: "sig", alg: "RS256" }] };
    },
    discovery: () => ({
      issuer: url(),
      jwks_uri: `${url()}/.well-known/jwks`,
      subject_types_supported: ["public", "pairwise"],
      response_types_supported: ["id_token"],
      claims_supported: CLAIMS,
      id_token_signing_alg_values_supported: ["RS256"],
      scopes_supported: ["openid"],
    }),
  };
}

async function createKey() {
  const { exportJWK, generateKeyPair, SignJWT } = await import("jose");
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  return {
    publicJwk: await exportJWK(publicKey),
    sign: (kid: string, claims: Readonly<Record<string, string | number>>): Promise<string> =>
      new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid, typ: "JWT" }).sign(privateKey),
  };
}

const CLAIMS = [
  "sub",
  "aud",
  "exp",
  "iat",
  "iss",
  "jti",
  "nbf",
  "ref",
  "ref_type",
  "sha",
  "repository",
  "repository_id",
  "repository_owner",
  "repository_owner_id",
  "repository_visibility",
  "run_id",
  "run_number",
  "run_attempt",
  "check_run_id",
  "actor",
  "actor_id",
  "workflow",
  "workflow_ref",
  "workflow_sha",
  "head_ref",
  "base_ref",
  "event_name",
  "environment",
  "job_workflow_ref",
  "job_workflow_sha",
  "runner_environment",
] as const;
