/** The author's words, pictures and plots, from the inputs to the comment, the summary and the report. */
import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderAsGitHub } from "../../shared/report/testing.ts";
import { type Play, playAction } from "../../test/fixture/play-action.ts";
import { connect } from "./connect.ts";
import { run } from "./run.ts";
import { spec } from "./spec.ts";

const POLICY = "version: 2\ngates:\n  - { metric: mae, better: lower, max: 3 }\n";
const REPORT_URL = "https://github.example/octo/model/actions/runs/7/artifacts/99";
const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><script>alert(1)</script><rect width="40" height="20"/></svg>';
let hub: LocalGitHub;
let event: Play<typeof spec>["event"];
let number: number;
beforeAll(async () => {
  hub = await startLocalGitHub({ limits: "off", files: { ".github/mlops.yml": POLICY } });
  const head = await hub.push({ branch: "next", files: { "a.txt": "a" } });
  ({ number } = await hub.openPullRequest({ head: "next" }));
  const ref = `refs/pull/${number}/merge`;
  const sha = (await hub.repository.git.resolve(ref)) ?? "";
  const base = { ref: "main", sha: await hub.repository.git.resolve("refs/heads/main") };
  const payload = {
    pull_request: { number, base, head: { sha: head, ref: "next", repo: { full_name: "octo/model" } } },
  };
  event = { name: "pull_request", ref, sha, payload };
});
afterAll(() => hub.close());

let runs = 0;
/** Judges an mae of 2, keeps the page where the test can read it. */
async function judge(
  files: Readonly<Record<string, string | Uint8Array>>,
  inputs: Play<typeof spec>["inputs"],
  mae = 2,
) {
  runs += 1;
  let page: string | undefined;
  const played = await playAction(
    spec,
    run,
    async (given) => ({
      ...(await connect(given)),
      async keepRecord(_, html) {
        page = html;
        return REPORT_URL;
      },
    }),
    {
      ...{ hub, event, run: { id: runs }, env: { GITHUB_JOB: "train" } },
      files: { "metrics.json": `{"mae": ${mae}}`, ...files },
      inputs: { metrics: "metrics.json", matrix: "null", ...inputs },
    },
  );
  const [comment] = [...hub.repository.comments.values()].filter(({ issue }) => issue === number);
  return { ...played, page, comment: comment?.body ?? "" };
}

const LOSS = "step\tloss\tval_loss\n0\t1\t1.1\n1\t0.5\tnan\n2\t0.4\t0.6\n";
const PAIRS = "actual,predicted\ncat,cat\ncat,dog\ndog,dog\ndog,dog\n";

test("words, pictures and plots are in the comment, the summary and the report", async () => {
  const body = "# Why\n\nSee ![the loss](plots/loss.svg) and @alice.\n\n| a |\n|---|\n| 1 |\n";
  const files = { "docs/report.md": body, "docs/plots/loss.svg": SVG, "out/loss.tsv": LOSS, "out/pairs.csv": PAIRS };
  const inputs = { title: `✅ Visits${" ".repeat(200)}x`, body: "docs/report.md", plots: "out/*" };
  const { exitCode, outputs, comment, summary, page = "" } = await judge(files, inputs);
  expect([exitCode, outputs.outcome, outputs.report]).toEqual([0, "pass", REPORT_URL]);
  for (const text of [comment, summary]) {
    expect(text).toMatch(/^### ✅ Ready to merge: Visits: the rule passes/);
    expect(text).toContain("<details open><summary>In the author's words: docs/report.md</summary>");
    expect(text).toContain("##### Why\n\nSee 🖼 the loss (in the report) and `@alice.`\n\n| a |");
    expect(text).toContain(`[the report](${REPORT_URL})`);
    expect(text.match(/^xychart-beta$/gm)).toHaveLength(3);
    const html = renderAsGitHub(text);
    expect(html).not.toMatch(/<(?:img|script|input)\b|user-mention|issue-link/);
    const addresses = [...html.matchAll(/href="([^"]*)"/g)].map(([, address]) => address);
    expect(addresses.filter((address) => !address?.startsWith(hub.url))).toEqual([REPORT_URL]);
  }
  expect(page).toContain("<title>Visits</title>");
  expect(page).toContain("Ready to merge: Visits: the rule passes");
  expect(page).toContain(`<img src="data:image/svg+xml;base64,${Buffer.from(SVG).toString("base64")}" alt="the loss">`);
  expect(page.match(/<svg /g)).toHaveLength(3);
  expect(page).not.toMatch(/xychart|<script|@alice<\/a>/);
});

test("without them there is no report, and the record alone is kept", async () => {
  const { outputs, page, comment } = await judge({}, {});
  expect([outputs.report, page]).toEqual(["", undefined]);
  expect(comment).not.toContain("the report");
});

describe("what the workflow asks for and is not there fails the step, and the verdict stands", () => {
  test.each([
    ["a body", { body: "report.md" }, {}, "file-missing", "report.md"],
    [
      "a body that is too large",
      { body: "report.md" },
      { "report.md": "x".repeat(256 * 1024 + 1) },
      "file-too-large",
      "report.md",
    ],
    [
      "a body that is no text",
      { body: "report.md" },
      { "report.md": new Uint8Array([255]) },
      "file-not-utf8",
      "report.md",
    ],
    ["a body that is too deep", { body: "report.md" }, { "report.md": ">".repeat(60) }, "body-too-deep", "report.md:1"],
    ["plots", { plots: "out/*" }, {}, "no-files", "no file matches"],
    ["plots that are none", { plots: "out/*" }, { "out/a.csv": "a,b\nx,y\n" }, "plot-unreadable", "out/a.csv"],
  ])("%s", async (_, inputs, files, code, place) => {
    const { exitCode, outputs, errorCodes, summary, read } = await judge(files, { ...inputs, comment: "never" });
    expect([exitCode, outputs.outcome, errorCodes]).toEqual([1, "pass", [code]]);
    expect(read("verdict.json")).toContain('"outcome": "pass"');
    expect(summary).toMatch(/^### ❌ Not ready to merge: /);
    expect(summary.split("\n")[0]).toContain(place);
    expect(summary).toContain("| ✅ | `mae` | 2 | ≤ 3 |");
  });

  test("also beside a rule that is broken, which is the last word", async () => {
    const { exitCode, errorCodes, comment } = await judge({}, { body: "report.md" }, 4);
    expect([exitCode, errorCodes]).toEqual([1, ["file-missing", "gate-closed"]]);
    expect(comment).toMatch(/^### ❌ Not ready to merge: the rule is broken/);
    expect(comment).toContain("❌ `report.md`: there is no such file.");
  });
});

test.each([
  ["is not there", "gone.png", {}, "file-missing", "there is no such file"],
  ["is neither PNG nor SVG", "a.png", { "a.png": "GIF89a" }, "picture-unknown", "it is neither PNG nor SVG"],
  ["is outside the workspace", "../../a.png", {}, "file-outside-workspace", "outside the workspace"],
  [
    "declares entities",
    "a.svg",
    { "a.svg": '<!DOCTYPE svg [<!ENTITY a "><svg ">]><svg/>' },
    "picture-unknown",
    "declares entities",
  ],
  [
    "is too large for the report",
    "a.svg",
    { "a.svg": `<svg>${"x".repeat(460_000)}</svg>` },
    "picture-too-large",
    "600 kB together",
  ],
  ["is on the web", "https://evil.example/a.png", {}, undefined, "not in the workspace"],
])("a picture that %s is named, with the reason", async (_, address, files, code, reason) => {
  const { exitCode, summary, log, page } = await judge(
    { "report.md": `![the plot](${address})`, ...files },
    { body: "report.md", comment: "never" },
  );
  expect(exitCode).toBe(0);
  expect(summary).toMatch(new RegExp(`🖼 the plot \\(not shown.*${reason}`));
  expect(summary).not.toContain("![");
  expect(page).not.toContain("<img");
  if (code !== undefined) expect(log).toContain(`[${code}]`);
});

test("the report is at most 1 MB, whatever there is", async () => {
  const picture = `<svg>${"x".repeat(220_000)}</svg>`;
  const columns = Array.from({ length: 20 }, (_, at) => `<m${at}>`);
  const rows = Array.from({ length: 400 }, (_, at) => [at, ...columns.map((_, column) => Math.sin(at * column) * 1e5)]);
  const plots = [["step", ...columns], ...rows].map((row) => row.join(",")).join("\n");
  const metrics = Object.fromEntries(Array.from({ length: 9_999 }, (_, at) => [`metric_${at}`, at + 0.5]));
  const body = `![one](1.svg) ![two](2.svg) ![three](3.svg)\n\n${"<b>@</b>\n\n".repeat(26_000)}`;
  const files = { ...{ "1.svg": picture, "2.svg": picture, "3.svg": picture }, "log.csv": plots, "report.md": body };
  const {
    exitCode,
    log,
    comment,
    page = "",
  } = await judge(
    { ...files, "metrics.json": JSON.stringify({ mae: 2, ...metrics }) },
    { body: "report.md", plots: "log.csv" },
  );
  expect(exitCode, log.slice(0, 1_000)).toBe(0);
  expect(Buffer.byteLength(page)).toBeLessThanOrEqual(1_000_000);
  expect(page.match(/<img /g)).toHaveLength(2);
  expect(page.match(/<svg /g)).toHaveLength(20);
  expect(comment.length).toBeLessThanOrEqual(65_536);
  expect(comment).toContain("🖼 one (in the report) 🖼 two (in the report) 🖼 three (not shown: it has no room");
});
