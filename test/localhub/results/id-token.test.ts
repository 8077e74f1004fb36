import { createRemoteJWKSet, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { createAccount } from "../operations/people/accounts.ts";
import { jobToken } from "../operations/people/tokens.ts";
import { addJobRecord, addRunRecord } from "../operations/testing.ts";
import type { Job } from "../world/repository.ts";
import { claimsOf } from "./id-token.ts";
import { startTestResultsService } from "./testing.ts";

interface Discovery {
  readonly issuer: string;
  readonly jwks_uri: string;
  readonly claims_supported: readonly string[];
}

describe("core.getIDToken against this service", () => {
  test("gets tokens that verify with the published key, for the owner or for a named audience", async () => {
    await using hub = await startTestResultsService();
    const { sent } = await hub.script(
      'send({ plain: await core.getIDToken(), named: await core.getIDToken("sts.amazonaws.com") });',
    );
    const published = await fetch(`${hub.service.url}/.well-known/openid-configuration`);
    const discovery = (await published.json()) as Discovery;
    const keys = createRemoteJWKSet(new URL(discovery.jwks_uri));
    const issuer = discovery.issuer;
    const plain = await jwtVerify(sent.plain, keys, { issuer, audience: "http://github.localhost/acme" });
    const named = await jwtVerify(sent.named, keys, { issuer, audience: "sts.amazonaws.com" });
    expect(plain.protectedHeader).toMatchObject({ alg: "RS256", typ: "JWT", kid: expect.any(String) });
    expect(named.payload).toMatchObject(claimsOf(hub.job));
    expect(Object.keys(named.payload).filter((claim) => !discovery.claims_supported.includes(claim))).toEqual([]);
    const { iat = 0, nbf = 0, exp = 0 } = named.payload;
    expect([iat - nbf, exp - iat]).toEqual([600, 300]);
    expect(plain.payload.jti).not.toBe(named.payload.jti);
  });

  test("jobs without id-token: write get no URL for it", async () => {
    await using hub = await startTestResultsService();
    const job = addJobRecord(hub.world, hub.run, { permissions: { contents: "write" } });
    const { sent } = await hub.script("try { await core.getIDToken(); } catch (error) { send(error.message); }", {
      job,
    });
    expect(sent).toContain("Unable to get ACTIONS_ID_TOKEN_REQUEST_URL");
  });

  test("the token expires with its job, and the runtime token cannot replace it", async () => {
    await using hub = await startTestResultsService();
    const {
      idTokenUrl = "",
      idTokenToken,
      runtimeToken,
    } = hub.service.accessFor(hub.job, jobToken(hub.world, hub.repository, hub.job.id, { id_token: "write" }));
    const statusWith = async (token = "") =>
      (await fetch(idTokenUrl, { headers: { authorization: `Bearer ${token}` } })).status;
    expect([
      await statusWith(idTokenToken),
      await statusWith(runtimeToken),
      await statusWith("made.up.token"),
      await statusWith(),
    ]).toEqual([200, 401, 401, 401]);
    hub.job.status = "completed";
    expect(await statusWith(idTokenToken)).toBe(401);
  });
});

describe("claims", () => {
  const claimsWith = async (change: (job: Job) => Job) => {
    await using hub = await startTestResultsService();
    return claimsOf(change(hub.job));
  };

  // GitHub docs, "OpenID Connect reference": example subject claims.
  test.each<[string, (job: Job) => Job, string]>([
    ["a branch", (job) => job, "ref:refs/heads/main"],
    ["a tag", (job) => ({ ...job, run: { ...job.run, ref: "refs/tags/v1" } }), "ref:refs/tags/v1"],
    ["a pull request", (job) => ({ ...job, run: { ...job.run, event: "pull_request" } }), "pull_request"],
    ["an environment", (job) => ({ ...job, environment: "production" }), "environment:production"],
    ["a colon in it", (job) => ({ ...job, environment: "Production:V1" }), "environment:Production%3AV1"],
  ])("the subject of %s", async (_, change, expected) => {
    const { sub, repository_id, repository_owner_id } = await claimsWith(change);
    expect(sub).toBe(`repo:acme@${repository_owner_id}/model@${repository_id}:${expected}`);
  });

  test("repositories from before 2026-07-15 keep the subject without ids", async () => {
    const { sub } = await claimsWith((job) => ({
      ...job,
      run: { ...job.run, repository: { ...job.run.repository, createdAt: new Date("2026-07-14T23:59:59Z") } },
    }));
    expect(sub).toBe("repo:acme/model:ref:refs/heads/main");
  });

  test("a job of a reusable workflow has that workflow in addition to the run's own", async () => {
    const called = { path: "acme/shared/.github/workflows/train.yml@v1", ref: "refs/tags/v1", sha: "c".repeat(40) };
    const claims = await claimsWith((job) => ({ ...job, calledWorkflow: called }));
    expect(claims).toMatchObject({
      workflow_ref: "acme/model/.github/workflows/train.yml@refs/heads/main",
      job_workflow_ref: called.path,
      job_workflow_sha: called.sha,
    });
  });

  test("every number is text, and the actor is who started the run", async () => {
    await using hub = await startTestResultsService();
    const actor = createAccount(hub.world, { login: "bob" });
    const run = await addRunRecord(hub.world, hub.repository, actor, { ref: "refs/tags/v2" });
    const claims = claimsOf(addJobRecord(hub.world, run));
    expect(Object.values(claims).every((value) => typeof value === "string")).toBe(true);
    expect(claims).toMatchObject({
      actor: "bob",
      actor_id: String(actor.id),
      ref_type: "tag",
      run_number: "2",
      run_attempt: "1",
      base_ref: "",
      head_ref: "",
      runner_environment: "github-hosted",
      repository_visibility: "public",
    });
  });
});
