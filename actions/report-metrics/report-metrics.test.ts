/** report-metrics: what the comment shows, and when there is none. That it judges anew is in judge-anew.test.ts. */
import { describe, expect, test } from "vitest";
import type { Connect } from "../../shared/action/run-action.ts";
import { BOT, HEAD, simulateConversation } from "../../shared/core/comment/testing.ts";
import { dataReport } from "../../shared/records/data-report.ts";
import { readFrozen, readValue } from "../../shared/records/testing.ts";
import { verdictRecord } from "../../shared/records/verdict.ts";
import { createDataReport, createRuling, createVerdict, renderAsGitHub } from "../../shared/report/testing.ts";
import { type Play, playAction } from "../../test/fixture/play-action.ts";
import { connect } from "./connect.ts";
import { type Ports, run } from "./run.ts";
import { spec } from "./spec.ts";

const OTHER = "d".repeat(40);
const origin = { repository: "acme/model", workflow: "ci.yml", run: 7, attempt: 1, actor: "alice" };
const laterRun = { ...origin, run: 8 };
const broken = [createRuling({ candidate: 9, outcome: "fail", reason: "9 is above 3" })];

type Records = Readonly<Record<string, unknown>>;

const report = (records: Records, play: Play<typeof spec>, connection: Connect<typeof spec, Ports> = connect) => {
  const files = Object.entries(records).map(([path, record]) => [path, JSON.stringify(record)] as const);
  return playAction(spec, run, connection, { ...play, files: Object.fromEntries(files) });
};

describe("without GitHub", () => {
  const simulate = () => simulateConversation({ latency: 0, lag: 0, random: () => 0 });

  /** On pull request 1, in a simulated conversation, unless the event is another one. */
  async function reportFake(
    records: Records,
    { pullHead = HEAD, repository = "acme/model", conversation = simulate(), ...play }: FakeOptions = {},
  ) {
    const env = { GITHUB_REPOSITORY: "acme/model" };
    const head = { sha: HEAD, ref: "better", repo: { full_name: repository } };
    const event = { name: "pull_request", payload: { pull_request: { number: 1, base: { ref: "main" }, head } } };
    const pull = {
      number: 1,
      open: true,
      base: "main",
      author: "alice",
      head: { sha: pullHead, branch: "better", repositoryId: 1 },
    };
    let ended = false;
    const playing = report(records, { env, event, ...play }, async (given) => ({
      ...(await connect(given)),
      // By the rules it names: that they are read is tested on GitHub.
      judgeAnew: async (verdict) => verdict,
      listPullsByHead: async () => [pull],
      conversation: () => conversation.connectAs(BOT),
    })).finally(() => {
      ended = true;
    });
    while (!ended) await conversation.runUntilIdle();
    return { ...(await playing), comments: [...conversation.comments.values()].map(({ body }) => body) };
  }
  interface FakeOptions extends Play<typeof spec> {
    readonly pullHead?: string;
    /** Where the pull request comes from. */
    readonly repository?: string;
    readonly conversation?: ReturnType<typeof simulate>;
  }

  test("the comment and the summary show the verdict, and a gate that is closed does not fail this step", async () => {
    const closed = createVerdict({ outcome: "fail", rulings: broken, origin });
    const { exitCode, outputs, summary, comments } = await reportFake({ "verdict.json": closed });
    expect([exitCode, outputs.comment]).toEqual([0, "created"]);
    expect(comments[0]).toMatch(/^### ❌ Not ready to merge: the rule is broken \(/);
    expect(summary).toContain("Not ready to merge");
  });

  test.each([
    ["acme/model/.github/workflows/ci.yml@refs/pull/1/merge", true],
    ["acme/policies/.github/workflows/judge.yml@refs/heads/main", false],
  ])("the comment of %s says that the pull request can edit it: %s", async (workflow, says) => {
    const env = { GITHUB_REPOSITORY: "acme/model", GITHUB_WORKFLOW_REF: workflow };
    const { comments } = await reportFake({ "verdict.json": createVerdict({ origin }) }, { env });
    expect(comments[0]?.includes("advisory unless code owners guard the workflow")).toBe(says);
  });

  test("without a verdict, a failed data report explains why", async () => {
    const findings = [
      { check: "data-range", file: "data/visits.csv", column: "mdvis", line: 17, count: 3, message: "below 0" },
    ];
    const { exitCode, comments } = await reportFake({
      "data-report.json": createDataReport({ outcome: "fail", findings, origin }),
    });
    expect(exitCode).toBe(0);
    expect(comments[0]).toContain("- ❌ `data/visits.csv:17`, column `mdvis`: below 0 (3 times)");
  });

  test("without a verdict, an earlier comment is replaced, and the step fails", async () => {
    const conversation = simulate();
    await reportFake({ "verdict.json": createVerdict({ origin }) }, { conversation });
    const records = { "data-report.json": createDataReport({ origin: laterRun }) };
    const { exitCode, outputs, log, errorCodes, comments } = await reportFake(records, {
      conversation,
      run: { id: 8 },
    });
    expect([exitCode, outputs.comment, errorCodes]).toEqual([1, "updated", ["verdict-missing"]]);
    expect(log).toContain("error: verdict.json: ");
    expect(comments).toEqual([expect.stringMatching(/^### ❌ Not ready to merge: there is no verdict \(/)]);
  });

  test.each([
    ["a pull request of a fork", { repository: "mallory/model" }],
    ["a push", { event: { name: "push" } }],
  ])("%s gets only the summary", async (_, options) => {
    const { exitCode, outputs, summary, comments } = await reportFake(
      { "verdict.json": createVerdict({ origin }) },
      options,
    );
    expect([exitCode, outputs, comments]).toEqual([0, { comment: "none", url: "" }, []]);
    expect(summary).toContain("Ready to merge");
  });

  test("hostile words in the verdict are shown as text", async () => {
    const evil = "</details><img src=x> @alice #1 [x](https://evil.example) <!-- | `";
    const hostile = createVerdict({
      rulings: [createRuling({ metric: evil, reason: evil })],
      notes: [evil],
      metrics: [{ name: evil, slice: evil, candidate: 1, baseline: 2 }],
      origin,
    });
    const { comments } = await reportFake({ "verdict.json": hostile });
    expect(comments).toHaveLength(1);
    const shown = renderAsGitHub(comments[0] ?? "");
    expect(shown).toContain("<code>@alice</code>");
    // Everything that could be a link is one there.
    expect(shown).not.toMatch(/<img|\/somebody|\/something|href="https:\/\/evil|<!--/);
  });

  test.each<[string, string, Records]>([
    ["a record of another kind", "record-other-kind", { "verdict.json": createDataReport() }],
    [
      "a verdict with an unknown key",
      "record-unknown-key",
      { "verdict.json": { ...createVerdict({ origin }), html: "<b>" } },
    ],
    ["a verdict of another run", "record-foreign", { "verdict.json": createVerdict({ origin: laterRun }) }],
    [
      "a verdict about another commit",
      "verdict-other-commit",
      { "verdict.json": createVerdict({ head: OTHER, origin }) },
    ],
  ])("%s is refused, and nothing is written", async (_, code, records) => {
    const { exitCode, outputs, errorCodes, comments } = await reportFake(records);
    expect([outputs.comment, errorCodes, comments]).toEqual(["none", [code], []]);
    expect(exitCode).toBeGreaterThan(0);
  });

  describe("records of another release, after the run of a pull request", () => {
    const frozen = (name: string) => JSON.parse(readFrozen(name));
    const verdict = frozen("verdict.json");
    const RUN = {
      id: 7,
      run_attempt: 1,
      path: ".github/workflows/ci.yml",
      event: "pull_request",
      conclusion: "success",
    };
    const payload = {
      workflow_run: {
        ...RUN,
        ...{ pull_requests: [], head_sha: verdict.head, head_branch: "better" },
        head_repository: { id: 1, full_name: "mallory/model", owner: { login: "mallory" } },
      },
    };
    const reportAfter = (records: Records) =>
      reportFake(records, {
        env: { GITHUB_REPOSITORY: "octo/model" },
        event: { name: "workflow_run", payload },
        run: { id: 999 },
        pullHead: verdict.head,
      });

    test.each([
      [
        "verdict.json",
        "data-report.json",
        "### ☑️ Reported, not verified: all 3 rules hold for the numbers that this fork's run reported (",
      ],
      ["verdict-failed.json", "data-report.json", "### ❌ Not ready to merge: 2 of 3 rules are broken ("],
      ["verdict.json", "data-report-failed.json", "### ❌ Not ready to merge: the data violates its contract ("],
    ])("an older one's %s and %s are shown like our own", async (judged, data, headline) => {
      const { exitCode, outputs, comments } = await reportAfter({
        "verdict.json": frozen(judged),
        "data-report.json": frozen(data),
      });
      expect([exitCode, outputs.comment]).toEqual([0, "created"]);
      expect(comments[0]?.startsWith(headline)).toBe(true);
      const ours = {
        "verdict.json": readValue(verdictRecord, frozen(judged)).record,
        "data-report.json": readValue(dataReport, frozen(data)).record,
      };
      expect((await reportAfter(ours)).comments).toEqual(comments);
    });

    test("a newer one's says which workflow must be updated, and nothing is written", async () => {
      const newer = { ...verdict, schema: "mlops-actions/verdict@3", confidence: 1 };
      const { exitCode, errorCodes, log, comments } = await reportAfter({ "verdict.json": newer });
      expect([exitCode, errorCodes, comments]).toEqual([1, ["record-newer"], []]);
      expect(log).toContain(
        "Update report-metrics in the workflow that reads it: on workflow_run, that is the workflow on the default branch.",
      );
    });

    test("data that could not be judged: not ready, whatever the verdict says", async () => {
      const { record } = readValue(dataReport, frozen("data-report.json"));
      const records = { "verdict.json": verdict, "data-report.json": { ...record, outcome: "error" } };
      expect((await reportAfter(records)).comments[0]).toMatch(
        /^### ❌ Not ready to merge: the data could not be judged/,
      );
    });
  });
});
