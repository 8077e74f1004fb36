import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { jobToken } from "@mlops-actions/localhub/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ActionContext } from "../../shared/action/context.ts";
import type { Log } from "../../shared/action/log.ts";
import { formatProblem as told } from "../../shared/problem/problem.ts";
import { dataReport, ruling, verdict } from "../../shared/report/testing.ts";
import { connect } from "./connect.ts";
import { run } from "./run.ts";

const RUN = 70;
const OTHER = "d".repeat(40);
let hub: LocalGitHub;
let workspace: string;
let number: number;
let head: string;
let log: string[];

beforeAll(async () => {
  hub = await startLocalGitHub({ repository: "acme/model", limits: "off", people: { alice: "write" } });
  await hub.push({ files: { "README.md": "model" } });
});
afterAll(() => hub.close());
beforeEach(async () => {
  log = [];
  workspace = mkdtempSync(join(tmpdir(), "report-metrics-"));
  const branch = `change-${hub.repository.pulls.size}`;
  head = await hub.as("alice").push({ branch, files: { [`${branch}.txt`]: "better" } });
  number = (await hub.as("alice").openPullRequest({ head: branch })).number;
});
afterEach(() => rmSync(workspace, { recursive: true }));

const origin = { repository: "acme/model", workflow: "ci.yml", run: RUN, attempt: 1, actor: "alice" };
const good = () => verdict({ head, origin });
const bad = () =>
  verdict({
    head,
    origin,
    outcome: "fail",
    rulings: [ruling({ candidate: 9, outcome: "fail", reason: "9 is above 3" })],
  });
const write = (name: string, record: unknown) => writeFileSync(join(workspace, name), JSON.stringify(record));
const comments = () => [...hub.repository.comments.values()].filter(({ issue }) => issue === number);

function runReport(event: ActionContext["event"], access: "read" | "write" = "write", runId = RUN) {
  const context: ActionContext = {
    repository: "acme/model",
    event,
    sha: OTHER,
    ref: "refs/heads/main",
    run: { id: runId, attempt: 1, number: 1 },
    workflow: "acme/model/.github/workflows/pull-request.yml@refs/heads/main",
    job: "report",
    actor: "alice",
    triggeringActor: "alice",
    urls: { api: hub.apiUrl, repository: `${hub.url}/acme/model` },
    workspace,
    temp: workspace,
  };
  const inputs = {
    record: "verdict.json",
    "data-report": "data-report.json",
    key: "metrics",
    author: "github-actions[bot]",
    token: jobToken(hub.world, hub.repository, 1, { pull_requests: access }).value,
  };
  const say = (problem: Parameters<Log["warn"]>[0]) =>
    void log.push(typeof problem === "string" ? problem : told(problem));
  const quiet: Log = { info: say, notice: say, warn: say, error: say, group: (_, work) => work() };
  const { signal } = new AbortController();
  const given = { inputs, context, log: quiet, signal };
  const state = { save: () => undefined, read: () => "" };
  return run({ ...given, state, ports: connect(given) });
}

const pullRequest = (repository = "acme/model") => ({
  name: "pull_request",
  payload: { pull_request: { number, head: { sha: head, repo: { full_name: repository } } } },
});

describe("on a pull request", () => {
  test("the comment says what was decided, follows the next run, and is left alone when all is the same", async () => {
    write("verdict.json", bad());
    const first = await runReport(pullRequest());
    expect(first.outputs).toEqual({ comment: "created", url: expect.stringContaining("#issuecomment-") });
    expect(comments()[0]?.body).toMatch(/^### ❌ Not ready to merge: 1 rule is broken, of 1 \(/);
    expect(first.summary).toContain("Not ready to merge");
    expect(first.failed).toBeUndefined();

    write("verdict.json", { ...good(), origin: { ...origin, run: RUN + 1 } });
    expect((await runReport(pullRequest(), "write", RUN + 1)).outputs.comment).toBe("updated");
    expect((await runReport(pullRequest(), "write", RUN + 1)).outputs.comment).toBe("unchanged");
    expect(comments().map(({ body }) => body.split("\n")[0])).toEqual([
      `### ✅ Ready to merge: the rule holds (\`${head.slice(0, 7)}\`)`,
    ]);
  });

  test("without a verdict, dirty data says why", async () => {
    const findings = [
      { check: "data-range", file: "data/visits.csv", column: "mdvis", line: 17, count: 3, message: "below 0" },
    ];
    write("data-report.json", dataReport({ outcome: "fail", findings, origin }));
    await runReport(pullRequest());
    expect(comments()[0]?.body).toContain("- ❌ `data/visits.csv:17`, column `mdvis`: below 0 (3 times)");
  });

  test("without a verdict, the comment of an earlier commit is not left standing, and the step fails", async () => {
    write("verdict.json", good());
    await runReport(pullRequest());
    rmSync(join(workspace, "verdict.json"));
    write("data-report.json", dataReport({ origin: { ...origin, run: RUN + 1 } }));
    const { outputs, failed } = await runReport(pullRequest(), "write", RUN + 1);
    expect(outputs.comment).toBe("updated");
    expect(failed).toMatchObject({ code: "verdict-missing", place: { file: "verdict.json" } });
    expect(comments()[0]?.body).toMatch(/^### ❌ Not ready to merge: there is no verdict \(/);
  });

  test("a token that may not comment leaves the summary, says which permission is missing, and fails nothing", async () => {
    write("verdict.json", bad());
    const { outputs, summary, failed } = await runReport(pullRequest(), "read");
    expect([outputs.comment, failed]).toEqual(["none", undefined]);
    expect(summary).toContain("Not ready to merge");
    expect(log.join("\n")).toContain('"pull-requests: write"');
  });

  test("of a fork gets the summary, without a single request", async () => {
    write("verdict.json", good());
    const before = hub.journal.requests().length;
    const { outputs, summary } = await runReport(pullRequest("mallory/model"), "read");
    expect(outputs.comment).toBe("none");
    expect(summary).toContain("Ready to merge");
    expect(hub.journal.requests()).toHaveLength(before);
  });
});

describe("refused, with nothing written:", () => {
  const refused = (code: string) => expect.objectContaining({ problems: [expect.objectContaining({ code })] });

  test.each<[string, string, () => Readonly<Record<string, unknown>>]>([
    ["a record of another kind", "record-other-kind", () => ({ "verdict.json": dataReport() })],
    ["a verdict with a key too many", "record-unknown-key", () => ({ "verdict.json": { ...good(), html: "<b>" } })],
    [
      "a verdict of another run",
      "record-foreign",
      () => ({ "verdict.json": { ...good(), origin: { ...origin, run: 1 } } }),
    ],
    ["a verdict about another commit", "verdict-other-commit", () => ({ "verdict.json": { ...good(), head: OTHER } })],
    [
      "a verdict that its numbers contradict",
      "verdict-contradicts-itself",
      () => ({ "verdict.json": { ...bad(), outcome: "pass" } }),
    ],
  ])("%s", async (_, code, files) => {
    for (const [name, record] of Object.entries(files())) write(name, record);
    await expect(runReport(pullRequest())).rejects.toEqual(refused(code));
    expect(comments()).toEqual([]);
  });

  test("a pull request that has moved on", async () => {
    const event = pullRequest();
    write("verdict.json", good());
    const branch = hub.repository.pulls.get(number)?.headRef ?? expect.fail();
    await hub.as("alice").push({ branch, files: { "more.txt": "x" } });
    await expect(runReport(event)).rejects.toEqual(refused("verdict-stale"));
    expect(comments()).toEqual([]);
  });
});

describe("after the run of a fork's pull request", () => {
  let branches = 0;
  let source: { id: number; owner: { login: string } };
  let branch: string;
  beforeEach(async () => {
    const mallory = await hub.fork("mallory").catch(() => hub.as("mallory").inRepository(forkOf()));
    branch = `better-${branches++}`;
    head = await mallory.push({ branch, files: { [`${branch}.txt`]: "x" } });
    number = (await mallory.inRepository(hub.repository).openPullRequest({ head: `mallory:${branch}` })).number;
    source = { id: mallory.repository.id, owner: { login: "mallory" } };
  });
  const forkOf = () =>
    [...hub.world.repositories.values()].find(({ owner }) => owner.login === "mallory") ?? expect.fail();
  const workflowRun = (parts: object = {}) => ({
    name: "workflow_run",
    payload: {
      workflow_run: {
        id: RUN,
        run_attempt: 1,
        path: ".github/workflows/pull-request.yml",
        event: "pull_request",
        conclusion: "success",
        head_sha: head,
        head_branch: branch,
        head_repository: source,
        pull_requests: [],
        ...parts,
      },
    },
  });

  test("the trusted side finds the pull request and comments, with a word of warning", async () => {
    write("verdict.json", good());
    expect((await runReport(workflowRun(), "write", 999)).outputs.comment).toBe("created");
    expect(comments()[0]?.body).toContain("ℹ️ Measured by the workflow of the pull request itself");
    expect(comments()[0]?.body).toContain(`run=${RUN} `);
  });

  test("hostile words in the verdict are only words", async () => {
    const evil = "</details><img src=x> @alice #1 [x](https://evil.example) <!-- | `";
    write("verdict.json", {
      ...good(),
      rulings: [ruling({ metric: evil, reason: evil })],
      notes: [evil],
      metrics: [{ name: evil, slice: evil, candidate: 1, baseline: 2 }],
    });
    await runReport(workflowRun());
    const body = comments()[0]?.body ?? "";
    expect(body).not.toMatch(/<img|@alice|(?<!&)#1|\]\(https:\/\/evil|<!-- \|/);
  });

  test.each([
    ["a branch that is gone", { head_branch: "gone" }, "pull-request-not-found"],
    [
      "a branch of the same name elsewhere",
      { head_repository: { id: 1, owner: { login: "mallory" } } },
      "pull-request-not-found",
    ],
  ])("%s is refused", async (_, parts, code) => {
    write("verdict.json", good());
    await expect(runReport(workflowRun(parts))).rejects.toMatchObject({ kind: "refused", problems: [{ code }] });
    expect(comments()).toEqual([]);
  });
});
