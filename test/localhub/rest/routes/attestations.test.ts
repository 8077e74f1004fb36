import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestHub, type TestHub } from "../serving/testing.ts";
import { attestationRoutes } from "./attestations.ts";

const CREATE = "POST /repos/{owner}/{repo}/attestations";
const LIST = "GET /repos/{owner}/{repo}/attestations/{subject_digest}";
const PROVENANCE = "https://slsa.dev/provenance/v1";

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ routes: attestationRoutes });
});
afterAll(() => hub[Symbol.asyncDispose]());

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;

function bundle(predicateType: string, ...digests: readonly string[]) {
  const subject = digests.map((one) => ({ name: "model.bin", digest: { sha256: one.replace("sha256:", "") } }));
  const statement = { _type: "https://in-toto.io/Statement/v1", subject, predicateType, predicate: {} };
  return {
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    verificationMaterial: {},
    dsseEnvelope: {
      payloadType: "application/vnd.in-toto+json",
      payload: Buffer.from(JSON.stringify(statement)).toString("base64"),
    },
  };
}

test("an attestation is found by each of its subjects and by its predicate", async () => {
  const job = hub.asJob({ attestations: "write" });
  const provenance = bundle(PROVENANCE, digest("a"), digest("b"));
  const metrics = bundle("https://example.com/metrics/v1", digest("a"));
  expect((await job.request(CREATE, { bundle: provenance })).status).toBe(201);
  const second = await job.request(CREATE, { bundle: metrics });
  expect(second.body.id).toBeGreaterThan(0);
  const found = async (subject: string, type?: string) =>
    (await hub.as("dave").request(LIST, { subject_digest: subject, ...(type && { predicate_type: type }) })).body
      .attestations;
  expect((await found(digest("a"))).map((one: { bundle: unknown }) => one.bundle)).toEqual([metrics, provenance]);
  expect(await found(digest("b"))).toHaveLength(1);
  expect(await found(digest("a"), PROVENANCE)).toHaveLength(1);
  expect((await found(digest("a"), "provenance"))[0]).toMatchObject({ repository_id: hub.repository.id });
  expect(await found(digest("a"), "sbom")).toEqual([]);
  expect(await found(digest("c"))).toEqual([]);
});

test("pages use cursors, forwards and backwards", async () => {
  const job = hub.asJob({ attestations: "write" });
  for (let i = 0; i < 5; i++) await job.request(CREATE, { bundle: bundle(`https://example.com/${i}`, digest("d")) });
  const client = hub.as("dave");
  const first = await client.request(LIST, { subject_digest: digest("d"), per_page: 2 });
  const follow = async (response: { headers: Headers }, relation: string) => {
    const [, href] = new RegExp(`<([^>]+)>; rel="${relation}"`).exec(response.headers.get("link") ?? "") ?? [];
    const url = new URL(href ?? "");
    return client.request(LIST, { subject_digest: digest("d"), ...Object.fromEntries(url.searchParams) });
  };
  const last = await follow(await follow(first, "next"), "next");
  expect([last.body.attestations.length, last.headers.get("link")]).toEqual([1, expect.not.stringContaining("next")]);
  expect((await follow(await follow(last, "prev"), "prev")).body).toEqual(first.body);
});

test.each([
  ["no envelope", {}],
  ["no statement", { dsseEnvelope: { payload: Buffer.from("nonsense").toString("base64") } }],
  ["no subjects", bundle(PROVENANCE)],
])("a bundle with %s is rejected", async (_, broken) => {
  const rejected = await hub.asJob({ attestations: "write" }).request(CREATE, { bundle: broken });
  expect([rejected.status, rejected.body.message]).toEqual([422, expect.stringContaining("Invalid bundle")]);
});

test("jobs need attestations: write; Enterprise Server has no attestations", async () => {
  const body = { bundle: bundle(PROVENANCE, digest("e")) };
  expect((await hub.asJob({ attestations: "read" }).request(CREATE, body)).status).toBe(403);
  await using ghes = await startTestHub({ routes: attestationRoutes, profile: "ghes-3.19" });
  expect((await ghes.asJob({ attestations: "write" }).request(CREATE, body)).status).toBe(404);
});
