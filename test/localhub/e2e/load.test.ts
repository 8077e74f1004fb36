/** Many requests at once: none is lost, duplicated or out of order. */
import { expect, test } from "vitest";
import { startLocalGitHub } from "../index.ts";

const QUICK = "on: workflow_dispatch\njobs: { one: { runs-on: [self-hosted, gpu], steps: [{ run: 'true' }] } }\n";

test("200 dispatches at once: every run has its own id and number, and one queued job", async () => {
  await using github = await startLocalGitHub({
    limits: "off",
    files: { ".github/workflows/train.yml": QUICK },
  });
  const responses = await Promise.all(
    Array.from({ length: 200 }, () =>
      github.request("POST /repos/{owner}/{repo}/actions/workflows/{file}/dispatches", {
        file: "train.yml",
        ref: "main",
        return_run_details: true,
      }),
    ),
  );
  expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
  const ids = responses.map(({ body }) => body.workflow_run_id);
  expect(new Set(ids).size).toBe(200);
  await github.waitUntilIdle();

  const runs = github.runs();
  expect(runs.map((run) => run.id).sort()).toEqual([...ids].sort());
  expect(runs.map((run) => run.runNumber).sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
  expect(runs.every((run) => run.attempts.at(-1)?.jobs[0]?.status === "queued")).toBe(true);

  const seen = new Set<number>();
  for (let page = 1; page <= 2; page += 1) {
    const { body } = await github.request("GET /repos/{owner}/{repo}/actions/runs", { per_page: 100, page });
    expect(body.total_count).toBe(200);
    for (const run of body.workflow_runs) seen.add(run.id);
  }
  expect(seen.size).toBe(200);
});

test("16 writers of one comment: each write is complete, none is lost, and each create makes one comment", async () => {
  await using github = await startLocalGitHub({ limits: "off", people: { alice: "write" }, files: { a: "1" } });
  const { body: issue } = await github.request("POST /repos/{owner}/{repo}/issues", { title: "Metrics" });
  const writers = Array.from({ length: 16 }, (_, writer) => writer);
  const created = await Promise.all(
    writers.map((writer) =>
      github.request("POST /repos/{owner}/{repo}/issues/{n}/comments", { n: issue.number, body: `from ${writer}` }),
    ),
  );
  expect(new Set(created.map(({ body }) => body.id)).size).toBe(16);
  expect(github.journal.effects("issue_comment.created")).toHaveLength(16);

  const target = created[0]?.body.id;
  const texts = writers.map((writer) => `${writer}`.repeat(5_000));
  await Promise.all(
    texts.map((body) => github.request("PATCH /repos/{owner}/{repo}/issues/comments/{id}", { id: target, body })),
  );
  const { body: after } = await github.request("GET /repos/{owner}/{repo}/issues/comments/{id}", { id: target });
  expect(texts).toContain(after.body);
  expect(github.journal.effects("issue_comment.edited")).toHaveLength(16);
});
