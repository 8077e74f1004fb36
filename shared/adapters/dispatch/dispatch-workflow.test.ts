import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GitHub } from "../github/github.ts";
import { createFakeTime, createTestClient } from "../github/testing.ts";
import { dispatchWorkflow, findDispatchedRun } from "./dispatch-workflow.ts";
import { findTargetWorkflow } from "./target-workflow.ts";

const train = (runName: string): string => `
name: train
run-name: ${runName}
on:
  workflow_dispatch:
    inputs:
      request: { type: string, default: "" }
jobs:
  train:
    runs-on: [self-hosted, gpu]
    steps: [{ run: "true" }]
`;
const files = {
  ".github/workflows/train.yml": train("train ${{ inputs.request }}"),
  ".github/workflows/no-run-name.yml": train("train"),
};

const WAITING = { patience: 3_600_000, signal: new AbortController().signal };

/** Dispatches with this request ID. */
async function start(client: GitHub, request: string, workflow = "train.yml"): Promise<number> {
  const target = await findTargetWorkflow(client, workflow, "");
  const options = { target, inputs: { request }, requestId: request, today: new Date(), ...WAITING };
  return dispatchWorkflow(client, options, createFakeTime());
}

describe.each(["github.com", "ghes-3.19"] as const)("on %s", (profile) => {
  let github: LocalGitHub;
  beforeAll(async () => {
    github = await startLocalGitHub({ files, profile, limits: "off", people: { alice: "write" } });
  });
  afterAll(() => github.close());

  test("each of many dispatches at once identifies its own run", async () => {
    const client = createTestClient(github);
    const requests = Array.from({ length: 20 }, (_, at) => `request-${String(at).padStart(3, "0")}`);
    const started = await Promise.all(
      requests.map(async (request) => [request, await start(client, request)] as const),
    );
    const titles = new Map(github.runs().map((run) => [run.id, run.displayTitle]));
    expect(started.map(([, id]) => titles.get(id))).toEqual(requests.map((request) => `train ${request}`));
  });

  test.each(["before", "after"] as const)("a lost response (%s it took effect) starts one run", async (when) => {
    github.faults.next({ operation: "actions/create-workflow-dispatch" }, { kind: "status", status: 502, when });
    const id = await start(createTestClient(github), `lost-${when}`);
    expect(
      github
        .runs()
        .filter((run) => run.displayTitle === `train lost-${when}`)
        .map((run) => run.id),
    ).toEqual([id]);
  });
});

describe("where GitHub does not return the run that it started", () => {
  let github: LocalGitHub;
  beforeAll(async () => {
    github = await startLocalGitHub({ files, profile: "ghes-3.19", people: { alice: "write", mallory: "write" } });
  });
  afterAll(() => github.close());

  test("runs that cannot be told apart are not started", async () => {
    const before = github.runs().length;
    await expect(start(createTestClient(github), "r", "no-run-name.yml")).rejects.toThrow("dispatch-not-findable");
    expect(github.runs()).toHaveLength(before);
  });

  test("a run with a copied request ID of another user is not taken for ours", async () => {
    await github.as("mallory").dispatch("train.yml", { inputs: { request: "copied" } });
    const own = await start(createTestClient(github, { token: github.as("alice").token }), "copied");
    expect(github.runs().find((run) => run.id === own)?.actor.login).toBe("alice");
  });

  test("two runs of the same user and request ID are rejected", async () => {
    for (const _ of ["once", "twice"]) await github.as("alice").dispatch("train.yml", { inputs: { request: "twin" } });
    const client = createTestClient(github, { token: github.as("alice").token });
    const target = await findTargetWorkflow(client, "train.yml", "");
    const search = { target, requestId: "twin", today: new Date() };
    await expect(findDispatchedRun(client, search)).rejects.toThrow("dispatch-ambiguous");
  });
});

test("a lost response is not followed by a second dispatch when runs cannot be told apart", async () => {
  await using github = await startLocalGitHub({ files });
  github.faults.next({ operation: "actions/create-workflow-dispatch" }, { kind: "status", status: 502, when: "after" });
  await expect(start(createTestClient(github), "r", "no-run-name.yml")).rejects.toThrow("dispatch-in-doubt");
  expect(github.runs()).toHaveLength(1);
});
