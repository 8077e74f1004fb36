/** The main use case: a pull request whose checks decide whether it merges. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LocalGitHub, startLocalGitHub } from "../index.ts";
import { bundledAction } from "./bundled-action.ts";

const WORKFLOW = `
name: ci
on: pull_request
permissions: {}
jobs:
  measure:
    runs-on: ubuntu-latest
    permissions:
      contents: read
    outputs:
      lines: \${{ steps.count.outputs.lines }}
    steps:
      - uses: actions/checkout@v7
      - id: count
        run: echo "lines=$(wc -l < data.csv)" >> "$GITHUB_OUTPUT"
  gate:
    needs: measure
    runs-on: ubuntu-latest
    permissions:
      contents: read
      pull-requests: write
    steps:
      - uses: actions/checkout@v7
      - uses: ./.github/actions/sticky-comment
        with:
          metrics: metrics.json
          floor: 0.8
      - run: echo "checked \${{ needs.measure.outputs.lines }} lines"
`;

describe("a pull request with a required check", () => {
  let github: LocalGitHub;

  beforeAll(async () => {
    const action = Object.entries(bundledAction()).map(([path, text]) => [
      `.github/actions/sticky-comment/${path}`,
      text,
    ]);
    github = await startLocalGitHub({
      people: { alice: "write", bob: "read" },
      protect: { main: { checks: ["gate"] } },
      files: {
        ".github/workflows/ci.yml": WORKFLOW,
        "data.csv": "a\n1\n2\n",
        "metrics.json": '{"accuracy": 0.9}',
        ...Object.fromEntries(action),
      },
    });
  });
  afterAll(() => github.close());

  test("is checked, commented on, blocked while red, and merges when green", async () => {
    const alice = github.as("alice");
    await alice.push({ branch: "worse", files: { "metrics.json": '{"accuracy": 0.5}' } });
    const pull = await alice.openPullRequest({ head: "worse", title: "Try a smaller model" });
    await expect(alice.merge(pull.number)).rejects.toThrow(/required status check/i);
    await github.waitUntilIdle();

    const [red] = github.runs();
    expect(red?.attempts.at(-1)?.conclusion).toBe("failure");
    await expect(alice.merge(pull.number)).rejects.toThrow(/required status check/i);
    const comments = () => alice.request("GET /repos/{owner}/{repo}/issues/{n}/comments", { n: pull.number });
    const [first] = (await comments()).body;
    expect(first.user.login).toBe("github-actions[bot]");
    expect(first.body).toContain("| accuracy | 0.5 |");

    await alice.push({ branch: "worse", files: { "metrics.json": '{"accuracy": 0.85}' } });
    await github.waitUntilIdle();
    const green = github.runs().at(-1);
    expect(green?.attempts.at(-1)?.conclusion).toBe("success");
    expect(github.log(green ?? expect.fail(), "gate")).toContain("checked 3 lines");
    const after = (await comments()).body;
    expect(after).toHaveLength(1);
    expect(after[0]).toMatchObject({ id: first.id, body: expect.stringContaining("| accuracy | 0.85 |") });

    await alice.merge(pull.number);
    expect(pull.merged).toBe(true);
    expect((await github.repository.git.read("main", "metrics.json"))?.toString()).toContain("0.85");
  });

  test("of a fork runs with a read-only token", async () => {
    const fork = await github.fork("mallory");
    await fork.push({ branch: "better", files: { "metrics.json": '{"accuracy": 0.95}' } });
    const pull = await fork
      .inRepository(github.repository)
      .openPullRequest({ head: "mallory:better", title: "Better" });
    await github.waitUntilIdle();
    const run = github.runs().at(-1);
    expect(run?.headRepository).toBe(fork.repository);
    expect(run?.attempts.at(-1)?.conclusion).toBe("failure");
    expect(github.log(run ?? expect.fail(), "gate")).toContain("Resource not accessible by integration");
    expect([...github.repository.comments.values()].filter(({ issue }) => issue === pull.number)).toEqual([]);
  });
});
