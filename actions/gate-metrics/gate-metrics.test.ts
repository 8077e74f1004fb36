/** gate-metrics: how it judges metrics, and pull requests on the local GitHub that try to get past it. */
import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTrainingRecordJson, TRAIN_WORKFLOW_FILES } from "../../shared/adapters/baseline/testing.ts";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import type { Baseline } from "../../shared/core/gate/baseline.ts";
import { readMetrics } from "../../shared/core/metrics/read-metrics.ts";
import { readPolicy } from "../../shared/core/policy/read-policy.ts";
import { dataReport } from "../../shared/records/data-report.ts";
import { digestMetrics } from "../../shared/records/digest.ts";
import { readRecord } from "../../shared/records/read-record.ts";
import type { ReadRecord } from "../../shared/records/record-format.ts";
import { findFrozenErrors, inMemory, readFrozen, readValue } from "../../shared/records/testing.ts";
import { trainingRecord } from "../../shared/records/training-record.ts";
import { type Verdict, verdictRecord } from "../../shared/records/verdict.ts";
import { renderVerdict } from "../../shared/report/verdict.ts";
import { openPullRequest } from "../../test/fixture/open-pull-request.ts";
import { type Play, playAction } from "../../test/fixture/play-action.ts";
import { connect } from "./connect.ts";
import { run } from "./run.ts";
import { spec } from "./spec.ts";

const POLICY = `version: 1
gates:
  - metric: mae
    better: lower
    max-regression: 1%
    slices: { poor: { max: 3, max-regression: 0.1 } }
  - { metric: r2, better: higher, min: 0.2 }
`;
const GOOD = { mae: 1.9, "poor/mae": 2.5, r2: 0.4 };
const DIGEST = `sha256:${"1".repeat(64)}`;

/** The base branch's values of mae until now; their standard deviation is about 0.07. */
const EARLIER = [
  {
    ...{ name: "mae", slice: null },
    values: [2, 2.1, 1.9, 2.05, 1.95, 2, 2.1, 1.9, 2, 2.05, 1.95, 2].map((value) => ({
      commit: "e".repeat(40),
      value,
    })),
  },
];

type GateInputs = NonNullable<Play<typeof spec>["inputs"]>;

const trained = (commit: string, metrics: Readonly<Record<string, number>>, difference = {}) => ({
  "training-record.json": createTrainingRecordJson(metrics, { commit, ...difference }),
});

const DATA_REPORT = JSON.stringify({
  schema: "mlops-actions/data-report@1",
  outcome: "pass",
  files: [{ path: "data.csv", bytes: 1, digest: DIGEST, rows: 1 }],
  dataDigest: DIGEST,
  contract: { path: "c.yml", ref: "c".repeat(40), digest: DIGEST },
  checks: 1,
  findings: [],
  notes: [],
  origin: { repository: "octo/model", workflow: "w", run: 1, attempt: 1, actor: "alice" },
});

describe("metrics, judged without GitHub", () => {
  const [BASE, HEAD, MERGE] = ["b".repeat(40), "d".repeat(40), "e".repeat(40)] as const;
  const metrics = [
    { name: "mae", slice: null, value: 2 },
    { name: "mae", slice: "poor", value: 2.5 },
    { name: "r2", slice: null, value: 0.3 },
  ];
  const provenance = { commit: BASE, metricsDigest: DIGEST, source: "run 6 of train.yml" };
  const BASELINE: Baseline = { kind: "found", metrics, provenance };

  async function judge(
    files: Readonly<Record<string, string>>,
    inputs: GateInputs = {},
    baseline: Baseline = BASELINE,
    policy = POLICY,
  ) {
    let written: ReadRecord<Verdict> | undefined;
    const played = await playAction(
      spec,
      run,
      ({ inputs: { metrics: paths, "data-report": report } }) => ({
        readPolicy: async () => ({
          rules: readPolicy(policy, ".github/mlops.yml", { reader: "gate-metrics" }),
          policy: { path: ".github/mlops.yml", ref: BASE, digest: DIGEST },
          notes: [],
        }),
        findSubject: async (commit) => ({
          judged: MERGE,
          head: HEAD,
          branch: "main",
          base: { commit, branch: "main" },
        }),
        readEvidence: async () => ({
          files: paths.map((path) => readMetrics(files[path] ?? "", path, "gate-metrics")),
          committed: [],
          report:
            report === ""
              ? undefined
              : readRecord(dataReport, files[report] ?? "", { file: report, reader: "gate-metrics" }).record,
        }),
        findBaseline: async () => baseline,
        describeChange: async () => undefined,
        addHistory: async (found) => (found.kind === "found" ? { ...found, history: EARLIER } : found),
        findChange: async () => ({ author: "bob", branch: "better", today: "2026-01-31" }),
        readApprovers: async () => new Map([["alice", { login: "alice", id: 1, mayWrite: true }]]),
        digestOf,
        writeRecord: async (record) => {
          written = record;
        },
        urls: { runUrl: "https://github.example/run", repositoryUrl: "https://github.example" },
      }),
      { run: { id: 1 }, inputs: { metrics: Object.keys(files)[0] ?? "", ...inputs } },
    );
    return { ...played, verdict: written?.record, written: written?.written };
  }

  test.each([
    [
      "a training that failed",
      trained(MERGE, GOOD, {
        schema: "mlops-actions/training-record@2",
        outcome: "failure",
        exit: { code: 1, signal: null },
        problems: [{ code: "training-failed", message: "ValueError: no such column", severity: "error" }],
      }),
      2,
      "the training ended in failure (exit code 1): ValueError: no such column",
    ],
    ["numbers that cannot be read", { "m.json": '{"mae": NaN}' }, 1, "NaN"],
  ])("that %s did not give are told in a verdict, for the comment", async (_, files, exit, why) => {
    const { exitCode, verdict, written } = await judge(files);
    expect([exitCode, verdict?.outcome, verdict?.rulings]).toEqual([exit, "error", []]);
    expect(JSON.stringify(written)).toContain(why);
    expect(renderVerdict({ verdict })).toContain("### ❌ Not ready to merge: ");
  });

  test("that break a rule which is tighter than noise are told so, by the values until now", async () => {
    const { verdict, summary } = await judge(trained(MERGE, { ...GOOD, mae: 2.1 }));
    expect(verdict?.outcome).toBe("fail");
    for (const text of [verdict?.notes.join() ?? "", summary.replaceAll(/<[^>]*>/g, "")])
      expect(text).toMatch(
        /max-regression 1% of .*mae.* is tighter than your noise(?::|&#58;) about 44 of 100 unchanged models/,
      );
    // Nobody asks for them while the rules hold.
    expect((await judge(trained(MERGE, GOOD))).verdict?.notes.join()).not.toContain("noise");
  });

  test("that satisfy every rule pass", async () => {
    const { exitCode, outputs, verdict, summary } = await judge(trained(MERGE, GOOD));
    expect([exitCode, outputs]).toEqual([0, { verdict: "pass", record: "verdict.json" }]);
    expect(verdict?.rulings.map(({ metric, slice, rule, outcome }) => [metric, slice, rule, outcome])).toEqual([
      ["mae", null, "max-regression", "pass"],
      ["mae", "poor", "max", "pass"],
      ["mae", "poor", "max-regression", "pass"],
      ["r2", null, "min", "pass"],
    ]);
    expect(summary).toContain("Gate open: all 4 rules pass");
  });

  test.each([
    ["version 1", POLICY, 1],
    ["version 2", POLICY.replace("version: 1", "version: 2"), 2],
  ] as const)("under a policy of %s give a verdict of that version", async (_, policy, version) => {
    const { "training-record.json": older } = trained(MERGE, GOOD);
    const { record } = readValue(trainingRecord, JSON.parse(older));
    for (const training of [older, JSON.stringify(record)]) {
      const { exitCode, written } = await judge({ "training-record.json": training }, {}, BASELINE, policy);
      expect([exitCode, written]).toMatchObject([0, { schema: `mlops-actions/verdict@${version}`, outcome: "pass" }]);
      if (version === 1) expect(findFrozenErrors(verdictRecord, written)).toEqual([]);
      // The same for both versions of the record: what is compared are the numbers.
      expect(written).toMatchObject({ metricsDigest: digestMetrics(record.metrics, digestOf) });
    }
  });

  test("of the last release's records are judged as that release judged them", async () => {
    const old = JSON.parse(readFrozen("verdict.json"));
    // By the run and in the repository that judge here.
    const moved = (name: string) => {
      const record = JSON.parse(readFrozen(name).replaceAll(old.judged, MERGE));
      return JSON.stringify({ ...record, origin: { ...record.origin, repository: "octo/model", run: 1 } });
    };
    const files = Object.fromEntries(["training-record.json", "data-report.json"].map((name) => [name, moved(name)]));
    const policy = JSON.parse(readFrozen("repository.json")).files[".github/mlops.yml"];
    const before = [
      { name: "mae", slice: null, value: 1.5 },
      { name: "old", slice: null, value: 1 },
    ];
    const baseline = { kind: "found", metrics: before, provenance: old.baseline } as const;
    const { written } = await judge(files, { "data-report": "data-report.json" }, baseline, policy);
    const { origin: _, head: _head, judged: _judged, policy: _policy, ...same } = old;
    expect(written).toMatchObject(same);
  });

  test("that are better overall and worse in a slice fail, with the numbers", async () => {
    const { exitCode, outputs, log, errorCodes } = await judge(trained(MERGE, { ...GOOD, mae: 1.2, "poor/mae": 2.7 }));
    expect([exitCode, outputs.verdict, errorCodes]).toEqual([1, "fail", ["gate-closed"]]);
    expect(log).toContain(
      'error: the gate is closed: "mae" of the slice "poor": 2.7 is worse than the baseline 2.5 by 0.2; at most 0.1 is allowed. ',
    );
  });

  test("of an allowed first run are inconclusive, unless they break a rule without a baseline", async () => {
    const first = { kind: "first-run", reason: "there never was one" } as const;
    const open = await judge(trained(MERGE, GOOD), {}, first);
    expect([open.exitCode, open.outputs.verdict, open.verdict?.baseline]).toEqual([0, "inconclusive", null]);
    const closed = await judge(trained(MERGE, { ...GOOD, r2: 0.1 }), {}, first);
    expect([closed.exitCode, closed.outputs.verdict]).toEqual([1, "fail"]);
  });

  test("may come in loose files, which the verdict notes, or with the data report", async () => {
    const loose = { "a.json": '{"mae": 1.9, "slices": {"poor": {"mae": 2.5}}}', "b.csv": "metric,value\nr2,0.4\n" };
    const { exitCode, verdict } = await judge(loose, { metrics: "a.json\nb.csv" });
    expect(exitCode).toBe(0);
    expect(verdict?.notes).toEqual([expect.stringContaining("Nothing shows that a.json, b.csv was measured")]);
    const bound = { ...trained(MERGE, GOOD, { dataDigest: DIGEST }), "data-report.json": DATA_REPORT };
    expect((await judge(bound, { "data-report": "data-report.json" })).exitCode).toBe(0);
  });

  test.each<[string, Readonly<Record<string, number>>]>([
    ["leave out what is worse", { mae: 1.9, r2: 0.4 }],
    ["contain nothing that is judged", { other: 1 }],
    ["rename a metric", { MAE: 1.9, "poor/mae": 2.5, r2: 0.4 }],
    ["rename a slice", { mae: 1.9, "poorer/mae": 2.5, r2: 0.4 }],
    ["call the whole a slice", { "all/mae": 1.9, "poor/mae": 2.5, r2: 0.4 }],
    ["contain only the slice", { "poor/mae": 2.5, r2: 0.4 }],
    ["have a wrong sign", { ...GOOD, r2: -0.4 }],
  ])("that %s fail", async (_, measured) => {
    const { exitCode, verdict } = await judge(trained(MERGE, measured));
    expect([exitCode, verdict?.outcome]).toEqual([1, "fail"]);
  });

  test.each<[string, Readonly<Record<string, string>>, string]>([
    ["of an older commit", trained(BASE, GOOD), "evidence-other-commit"],
    ["of the head, not of the merge", trained(HEAD, GOOD), "evidence-other-commit"],
    ["of a training that failed", trained(MERGE, GOOD, { outcome: "failure" }), "evidence-training-failed"],
    ["of other data", trained(MERGE, GOOD, { dataDigest: digestOf("other") }), "evidence-other-data"],
    ["of data that the record does not name", trained(MERGE, GOOD), "evidence-other-data"],
  ])("%s are refused", async (_, files, code) => {
    const all = { ...files, "data-report.json": DATA_REPORT };
    const { exitCode, errorCodes, outputs, verdict } = await judge(all, { "data-report": "data-report.json" });
    expect([exitCode, outputs, verdict?.outcome]).toEqual([2, { verdict: "error", record: "" }, "error"]);
    expect(errorCodes).toEqual([code]);
  });

  test.each([
    ["NaN", '{"mae": NaN}', "metrics-not-finite", "metrics.json:1:9"],
    ["NaN in quotes", '{\n"mae": "NaN"}', "metrics-not-a-number", "metrics.json:2:8"],
    ["null", '{"mae": null}', "metrics-not-a-number", "metrics.json:1:9"],
    ["larger than any number", '{"mae": -1e400}', "metrics-not-finite", "metrics.json:1:9"],
    ["two values to choose from", '{"mae": 9, "mae": 1}', "metrics-duplicate-key", "metrics.json:1:12"],
    ["nothing", "", "metrics-not-json", "metrics.json:1:1"],
  ])("that are %s are an error", async (_, text, code, place) => {
    const { exitCode, log, errorCodes, outputs, verdict } = await judge({ "metrics.json": text });
    expect([exitCode, outputs.verdict, verdict?.outcome]).toEqual([1, "error", "error"]);
    expect(errorCodes).toContain(code);
    expect(log).toContain(place);
  });

  test("that contradict the record count neither way", async () => {
    const files = { ...trained(MERGE, { ...GOOD, mae: 9 }), "better.json": '{"mae": 1}' };
    const { exitCode, errorCodes, verdict } = await judge(files, { metrics: "training-record.json\nbetter.json" });
    expect([exitCode, errorCodes]).toEqual([1, ["gate-closed"]]);
    expect(verdict?.notes.join()).toMatch(/Not counted: "mae" \(.*\) is in training-record.json.* and better.json/);
  });
});

describe("on GitHub", () => {
  let hub: LocalGitHub;
  let base: string;
  beforeAll(async () => {
    const files = {
      ...TRAIN_WORKFLOW_FILES,
      ".github/mlops.yml": POLICY,
      "record.json": createTrainingRecordJson({ mae: 2, "poor/mae": 2.5, r2: 0.3 }),
    };
    hub = await startLocalGitHub({ limits: "off", people: { alice: "write" }, files });
    base = await hub.push({ files: { "README.md": "Model" }, message: "Describe" });
    await hub.waitUntilIdle();
  });
  afterAll(() => hub.close());

  async function gate(play: Play<typeof spec>) {
    const inputs = { metrics: "training-record.json", ...play.inputs };
    const played = await playAction(spec, run, connect, { hub, run: { id: 1 }, ...play, inputs });
    return { ...played, verdict: played.readRecord(inMemory(verdictRecord), "verdict.json") };
  }

  async function pullRequest(
    branch: string,
    files: Readonly<Record<string, string | null>> = { [`${branch}.txt`]: branch },
    author = hub.as("alice"),
    github = hub,
  ) {
    // Its own runs matter only where they forge something.
    const message = "record.json" in files ? branch : `${branch} [skip ci]`;
    const opened = await openPullRequest(github, { branch, files, message }, author);
    await github.waitUntilIdle();
    // GitHub's payload may have an old base and head: nothing may depend on them.
    const stale = { base: { ref: "main", sha: "0".repeat(40) }, head: { sha: "0".repeat(40) } };
    return { ...opened, event: { ...opened.event, payload: { pull_request: stale } } };
  }

  test("a pull request that satisfies every rule passes, and the record contains exactly what was judged", async () => {
    const { merge, head, event } = await pullRequest("good");
    const { exitCode, outputs, verdict } = await gate({ event, files: trained(merge, GOOD) });
    expect([exitCode, outputs]).toEqual([0, { verdict: "pass", record: "verdict.json" }]);
    expect(verdict).toMatchObject({
      outcome: "pass",
      head,
      judged: merge,
      policy: { path: ".github/mlops.yml", ref: base },
      baseline: { commit: base, source: expect.stringContaining(".github/workflows/train.yml") },
      notes: [],
      origin: { repository: "octo/model", run: 1, actor: "alice" },
    });
  });

  test("a record of a run that does not train for others is no evidence", async () => {
    const { merge, event } = await pullRequest("foreign");
    const origin = { repository: "octo/model", workflow: "train", attempt: 1, actor: "octo" };
    const [pushed] = hub.runs({ event: "push" });
    const judgedWith = async (run: number) =>
      (await gate({ event, files: trained(merge, GOOD, { origin: { ...origin, run } }) })).errorCodes;
    expect(await judgedWith(999_999)).toEqual(["evidence-foreign"]);
    expect(await judgedWith(pushed?.id ?? 0)).toEqual([]);
  });

  test("a fork's pull request is judged in the same way", async () => {
    const mallory = await hub.fork("mallory");
    const { merge, event } = await pullRequest("forked", { "forked.txt": "x" }, mallory);
    expect((await gate({ event, files: trained(merge, GOOD) })).exitCode).toBe(0);
    expect((await gate({ event, files: trained(merge, { ...GOOD, mae: 2.03 }) })).exitCode).toBe(1);
  });

  test("a merge group is compared with what it is merged onto", async () => {
    const { merge } = await pullRequest("queued");
    const payload = { merge_group: { base_sha: base, base_ref: "refs/heads/main", head_sha: merge } };
    const event = { name: "merge_group", ref: "refs/heads/gh-readonly-queue/main/pr-1", sha: merge, payload };
    const { exitCode, verdict } = await gate({ event, files: trained(merge, GOOD) });
    expect([exitCode, verdict?.head, verdict?.baseline?.commit]).toEqual([0, merge, base]);
  });

  test("a first run that is allowed is inconclusive, until there is a baseline", async () => {
    await using fresh = await startLocalGitHub({ limits: "off", files: { ".github/mlops.yml": POLICY } });
    const allowed = { hub: fresh, inputs: { "first-run": "allow" } };
    const { merge, event } = await pullRequest("first", { "a.txt": "a" }, fresh, fresh);
    expect((await gate({ hub: fresh, event, files: trained(merge, GOOD) })).exitCode).toBe(1);
    const open = await gate({ ...allowed, event, files: trained(merge, GOOD) });
    expect([open.exitCode, open.outputs.verdict, open.verdict?.baseline]).toEqual([0, "inconclusive", null]);
    // Said once: by the rules that need it, and not by a note as well.
    expect(open.verdict?.rulings.map(({ reason }) => reason).join()).toContain("there is no baseline: ");
    expect(open.verdict?.notes.join()).not.toContain("There is no baseline");

    // The very first push has nothing before it, and its own training has uploaded its record already.
    const record = createTrainingRecordJson(GOOD);
    const first = await fresh.push({ files: { ...TRAIN_WORKFLOW_FILES, "record.json": record } });
    await fresh.waitUntilIdle();
    const push = (sha: string, before: string) => ({ name: "push", sha, payload: { before } });
    const pushed = await gate({ ...allowed, event: push(first, "0".repeat(40)), files: trained(first, GOOD) });
    expect(pushed.outputs.verdict).toBe("inconclusive");
    const second = await fresh.push({ files: { "b.txt": "b" } });
    await fresh.waitUntilIdle();
    const next = await gate({ ...allowed, event: push(second, first), files: trained(second, GOOD) });
    expect(next.outputs.verdict).toBe("pass");
  });

  describe("nobody gets past the gate", () => {
    let pull: Awaited<ReturnType<typeof pullRequest>>;
    beforeAll(async () => {
      pull = await pullRequest("attack");
    });

    test("by loosening the policy in the same pull request", async () => {
      const loose = POLICY.replace("max-regression: 1%", "max-regression: 90%").replace("max: 3", "max: 300");
      const { merge, event } = await pullRequest("loosen", { ".github/mlops.yml": loose });
      const { exitCode, verdict } = await gate({ event, files: trained(merge, { ...GOOD, mae: 2.5 }) });
      expect([exitCode, verdict?.outcome, verdict?.policy?.ref]).toEqual([1, "fail", base]);
      expect(verdict?.notes.join()).toContain(".github/mlops.yml");
    });

    test("by removing the policy in the same pull request", async () => {
      const { merge, event } = await pullRequest("remove", { ".github/mlops.yml": null });
      expect((await gate({ event, files: trained(merge, { ...GOOD, mae: 2.5 }) })).exitCode).toBe(1);
    });

    test.each([
      ["removes", null, "this change removes .github/mlops.yml"],
      ["breaks", POLICY.replace("max-regression: 1%", "max-regression: lots"), "this change breaks .github/mlops.yml"],
    ])(
      "by good numbers beside a policy that it %s: nothing could be judged after the merge",
      async (what, policy, why) => {
        const { merge, event } = await pullRequest(`good-but-${what}`, { ".github/mlops.yml": policy });
        const { exitCode, errorCodes, verdict, summary } = await gate({ event, files: trained(merge, GOOD) });
        expect([exitCode, errorCodes, verdict?.outcome]).toEqual([1, ["policy-broken"], "fail"]);
        expect(summary.split("\n")[0]).toContain(`### ❌ Not ready to merge: ${why}`);
        expect(summary.split(why)).toHaveLength(2);
      },
    );

    test("by making a worse baseline: with a dispatch, in a pull request, or as a first run", async () => {
      const forged = createTrainingRecordJson({ mae: 99, "poor/mae": 99, r2: -9 }, { commit: base });
      await hub.as("alice").run("train.yml", { inputs: { commit: base, record: forged } });
      const { merge, event } = await pullRequest("forged-baseline", { "record.json": forged });
      const files = trained(merge, { ...GOOD, mae: 3 });
      const { exitCode, verdict } = await gate({ event, files, inputs: { "first-run": "allow" } });
      expect(exitCode).toBe(1);
      expect(verdict?.rulings[0]).toMatchObject({ candidate: 3, baseline: 2, outcome: "fail" });
    });

    test("by turning the baseline off", async () => {
      const { event, merge } = pull;
      const { exitCode, verdict } = await gate({ event, files: trained(merge, GOOD), inputs: { baseline: "none" } });
      expect([exitCode, verdict?.baseline]).toEqual([1, null]);
    });

    test("without any file", async () => {
      const { exitCode, errorCodes } = await gate({ event: pull.event });
      expect([exitCode, errorCodes]).toEqual([1, ["no-files"]]);
    });

    test("by declaring another commit to be the test merge", async () => {
      const event = { ...pull.event, sha: pull.head };
      const { exitCode, errorCodes } = await gate({ event, files: trained(pull.head, GOOD) });
      expect([exitCode, errorCodes]).toEqual([1, ["policy-no-trusted-ref"]]);
    });

    test("with a policy that judges nothing", async () => {
      const empty = await hub.push({ branch: "open", files: { ".github/mlops.yml": "version: 1\ngates: []\n" } });
      const payload = { merge_group: { base_sha: empty, base_ref: "refs/heads/open" } };
      const event = { name: "merge_group", ref: "refs/heads/q", sha: pull.merge, payload };
      const { exitCode, errorCodes } = await gate({ event, files: trained(pull.merge, GOOD) });
      expect([exitCode, errorCodes]).toEqual([1, ["gate-nothing-to-judge"]]);
    });

    test("with a token that may not read the baseline; the log has the line to add", async () => {
      const inputs = { token: hub.tokenWith({ contents: "read" }) };
      const { exitCode, log } = await gate({ event: pull.event, files: trained(pull.merge, GOOD), inputs });
      expect(exitCode).toBe(1);
      expect(log).toMatch(/actions: read.*\[permission-missing\]/);
    });
  });
});
