/** Dispatch onto self-hosted runners, on github.com and on Enterprise Server. */
import { describe, expect, test } from "vitest";
import { startLocalGitHub } from "../index.ts";

const TRAIN = `
name: train
run-name: train \${{ inputs.request }}
on:
  workflow_dispatch:
    inputs:
      request: { type: string, required: true }
      epochs: { type: number, default: 3 }
jobs:
  train:
    runs-on: [self-hosted, gpu]
    steps:
      - run: echo "trained \${{ inputs.epochs }} epochs on $RUNNER_NAME"
`;
const files = { ".github/workflows/train.yml": TRAIN };
const DISPATCH = "POST /repos/{owner}/{repo}/actions/workflows/train.yml/dispatches";

describe("dispatch", () => {
  test("stays queued until a runner with the labels appears, and then runs there", async () => {
    await using github = await startLocalGitHub({ files, runners: [{ name: "cpu-1", labels: ["cpu"] }] });
    const run = await github.run("train.yml", { inputs: { request: "r1" } });
    expect(run.displayTitle).toBe("train r1");
    expect(run.attempts.at(-1)?.jobs[0]?.status).toBe("queued");

    github.addRunner({ name: "gpu-1", labels: ["GPU"] });
    await github.waitUntilIdle();
    expect(run.attempts.at(-1)?.conclusion).toBe("success");
    expect(github.log(run)).toContain("trained 3 epochs on gpu-1");
    const { body } = await github.request("GET /repos/{owner}/{repo}/actions/runs/{id}/jobs", { id: run.id });
    expect(body.jobs[0]).toMatchObject({ runner_name: "gpu-1", labels: ["self-hosted", "gpu"], conclusion: "success" });
  });

  test.each([
    ["no such ref", { ref: "nowhere", inputs: { request: "r" } }, "No ref found for: nowhere"],
    ["a missing input", { ref: "main", inputs: {} }, "Required input 'request' not provided"],
    ["an unknown input", { ref: "main", inputs: { request: "r", lr: "1" } }, 'Unexpected inputs provided: ["lr"]'],
  ])("rejects %s", async (_, body, message) => {
    await using github = await startLocalGitHub({ files });
    const response = await github.request(DISPATCH, body);
    expect(response).toMatchObject({ status: 422, body: { message } });
    expect(github.runs()).toEqual([]);
  });

  test("returns 204, or the run's details on request", async () => {
    await using github = await startLocalGitHub({ files });
    const body = { ref: "main", inputs: { request: "r" } };
    expect((await github.request(DISPATCH, body)).status).toBe(204);
    const detailed = await github.request(DISPATCH, { ...body, return_run_details: true });
    expect(detailed).toMatchObject({ status: 200, body: { workflow_run_id: github.runs().at(-1)?.id } });
  });

  test("on Enterprise Server rejects the request for run details", async () => {
    await using github = await startLocalGitHub({ files, profile: "ghes-3.19" });
    expect(github.apiUrl).toMatch(/\/api\/v3$/);
    const body = { ref: "main", inputs: { request: "r" } };
    expect((await github.request(DISPATCH, { ...body, return_run_details: true })).status).toBe(400);
    expect((await github.request(DISPATCH, body)).status).toBe(204);
    expect((await github.request("GET /repos/{owner}/{repo}/actions/concurrency_groups")).status).toBe(404);
  });
});
