/** register-model takes evidence only from a run that GitHub itself shows to be a trusted one, exactly as that run uploaded it. */
import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, expect, test } from "vitest";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { createTestClient } from "../../shared/adapters/github/testing.ts";
import { createGitTagRegistry } from "../../shared/adapters/registry/git-tag-registry.ts";
import { origin, POLICY, type RegisterOptions, register, trainOnGitHub, WORKFLOWS } from "./testing.ts";

let hub: LocalGitHub;
let trained: RegisterOptions;
beforeAll(async () => {
  hub = await startLocalGitHub({ limits: "off", files: { ".github/mlops.yml": POLICY, ...WORKFLOWS } });
  trained = await trainOnGitHub(hub);
});
afterAll(() => hub.close());

const runOf = (run: number) => ({ origin: { ...origin, run } });

async function runOfPullRequest(author: Pick<LocalGitHub, "push" | "login">, branch: string): Promise<number> {
  await author.push({ branch, files: { "new.txt": branch } });
  await hub.as(author.login).openPullRequest({ head: `${author.login}:${branch}` });
  await hub.waitUntilIdle();
  return hub.runs({ event: "pull_request" }).at(-1)?.id ?? 0;
}

async function runOfBranch(): Promise<number> {
  await hub.push({ branch: "other", files: { "other.txt": "new" } });
  return (await hub.run("train.yml", { ref: "other", inputs: { record: "{}", verdict: "{}" } })).id;
}

test.each<[string, string, string, () => Promise<RegisterOptions> | RegisterOptions]>([
  [
    "a fork's pull request",
    "evidence-run-untrusted",
    "a run of a fork",
    async () => ({ training: runOf(await runOfPullRequest(await hub.fork("mallory"), "forked")) }),
  ],
  [
    "a pull request",
    "evidence-run-untrusted",
    "a run on pull_request",
    async () => ({ training: runOf(await runOfPullRequest(hub, "own")) }),
  ],
  [
    "another branch",
    "evidence-run-untrusted",
    "a run on other",
    async () => ({ training: runOf(await runOfBranch()) }),
  ],
  ["a run that there is not", "evidence-run-unknown", "is from run 123456", () => ({ verdict: runOf(123_456) })],
  [
    "a trusted run, but with other metrics",
    "evidence-not-uploaded",
    "has exactly this verdict",
    () => ({ verdict: { ...trained.verdict, notes: ["verified by the security team"] } }),
  ],
  [
    "a trusted run, but of other data",
    "evidence-not-uploaded",
    "has exactly this training record",
    () => ({ training: { ...trained.training, dataDigest: null } }),
  ],
])("refused, and nothing written: records of %s", async (_, code, message, change) => {
  const { exitCode, errorCodes, log } = await register("v9.0.0", { ...trained, ...(await change()) });
  expect([exitCode, errorCodes]).toEqual([2, [code]]);
  expect(log).toContain(message);
  expect(await hub.repository.git.resolve("refs/tags/visits@v9.0.0")).toBeUndefined();
});

/** Changes the policy, and trains and judges by it. */
async function trainBy(policy: string): Promise<RegisterOptions> {
  const ref = await hub.push({ files: { ".github/mlops.yml": policy } });
  return trainOnGitHub(hub, { verdict: { policy: { path: ".github/mlops.yml", ref, digest: digestOf(policy) } } });
}
const POLICY_2 = POLICY.replace("version: 1", "version: 2");

test("only of the workflows that the policy names", async () => {
  const naming = (file: string) => `${POLICY_2}trust: { evidence-workflows: [.github/workflows/${file}] }\n`;
  const other = await register("v0.1.0", await trainBy(naming("main.yml")));
  expect([other.exitCode, other.errorCodes]).toEqual([2, ["evidence-run-untrusted"]]);
  expect(other.log).toContain("a run of .github/workflows/train.yml");
  expect((await register("v0.1.0", await trainBy(naming("train.yml")))).exitCode).toBe(0);
});

test("what was proven is part of the version", async () => {
  expect((await register("v1.0.0", await trainBy(POLICY_2))).outputs.result).toBe("registered");
  const registry = createGitTagRegistry(createTestClient(hub));
  const ref = (await registry.list("visits")).find(({ name }) => name === "visits@v1.0.0");
  const { message = "" } = ref === undefined ? {} : await registry.read(ref);
  const { evidence } = JSON.parse(message.slice(message.indexOf("{")));
  const run = { event: "workflow_dispatch", branch: "main", workflow: ".github/workflows/train.yml" };
  expect(evidence).toMatchObject([
    { kind: "training-record", proof: { ...run, attempt: 1, artifact: { name: "record" } } },
    { kind: "verdict", proof: { ...run, conclusion: "success", artifact: { name: "verdict" } } },
  ]);
});
