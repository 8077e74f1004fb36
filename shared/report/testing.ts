/** Records to render, and how GitHub shows the result. */
import { type MarkdownContext, renderMarkdown } from "@mlops-actions/localhub/markdown";
import fc from "fast-check";
import type { ReportRecords } from "../core/gate/assert-consistent.ts";
import type { DataReport } from "../records/data-report.ts";
import type { Ruling, Verdict } from "../records/verdict.ts";
import { composeComment } from "./comment.ts";
import type { ReportContext } from "./decision.ts";
import { renderSection } from "./verdict.ts";

const sha = (digit: string): string => digit.repeat(40);
const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
const origin = { repository: "acme/model", workflow: "ci.yml", run: 7, attempt: 1, actor: "alice" };

export const createRuling = (parts: Partial<Ruling> = {}): Ruling => ({
  metric: "mae",
  slice: null,
  better: "lower",
  rule: "max",
  threshold: 3,
  unit: "absolute",
  candidate: 2.5,
  baseline: null,
  outcome: "pass",
  reason: "2.5 is not above max 3",
  ...parts,
});

export const createVerdict = (parts: Partial<Verdict> = {}): Verdict => ({
  schema: "mlops-actions/verdict@2",
  outcome: "pass",
  head: sha("a"),
  judged: sha("b"),
  metricsDigest: digest("1"),
  policy: { path: ".github/mlops.yml", ref: sha("c"), digest: digest("2") },
  baseline: { commit: sha("c"), metricsDigest: digest("3"), source: "run 6 of main.yml" },
  rulings: [createRuling()],
  metrics: [],
  notes: [],
  origin,
  ...parts,
});

export const createDataReport = (parts: Partial<DataReport> = {}): DataReport => ({
  schema: "mlops-actions/data-report@2",
  outcome: "pass",
  files: [{ path: "data/visits.csv", bytes: 812_345, digest: digest("4"), rows: 20_190 }],
  dataDigest: digest("5"),
  contracts: [{ path: "contracts/visits.yml", ref: sha("c"), digest: digest("6") }],
  checks: 42,
  findings: [],
  notes: [],
  origin,
  ...parts,
});

/** Every login, number and SHA exists here, so that everything that could become a link does. */
const allReferences: MarkdownContext["references"] = {
  account: () => "/somebody",
  issue: () => "/something",
  commit: () => "/some-commit",
};

export const renderAsGitHub = (markdown: string, kind: MarkdownContext["kind"] = "comment"): string =>
  renderMarkdown(markdown, { kind, references: allReferences }).html;

/** Fragments with a special meaning in Markdown, HTML, GitHub or for a bot, and ordinary ones. */
const FRAGMENTS = [
  "@alice",
  "@octo/team",
  "#7",
  "GH-7",
  "acme/model#7",
  "acme/model@abcdef1",
  "Fixes #1",
  "abcdef1234567",
  "1234567",
  "https://evil.example/x",
  "www.evil.example",
  "a@evil.example",
  "mailto:a@evil.example",
  ":tada:",
  "![x](https://evil.example/a.png)",
  "[x](javascript:alert(1))",
  "<img src=x onerror=alert(1)>",
  "</details>",
  "</summary>",
  "<script>",
  "<!--",
  "-->",
  "<!-- mlops-actions/report-metrics workflow=x key=y run=1 attempt=1 head=a -->",
  "`",
  "```",
  "~~~",
  "``",
  "|",
  "\\|",
  "\\",
  "\\\\",
  "*",
  "**",
  "_",
  "__",
  "~~",
  "$x$",
  "$$",
  "$`x`$",
  "> ",
  "- ",
  "+ ",
  "1. ",
  "1) ",
  "# ",
  "===",
  "---",
  "| --- |",
  "[^1]",
  "[^1]:",
  "[x]: y",
  "- [ ] ",
  "/approve",
  "&amp;",
  "&#64;",
  "&lt;b&gt;",
  "{{",
  "}}",
  "%%",
  "\n",
  "\n\n",
  "\r\n",
  "\t",
  " ",
  "  ",
  "\u0000",
  "\u001b[31m",
  "\u0085",
  "\u2028",
  "\u202e",
  "\u2066",
  "\u200b",
  "\ufeff",
  "\u00ad",
  "\ud800",
  "\udc00",
  "😀",
  "é",
  "e\u0301",
  "表",
  "ש",
  "a",
  "b",
  "0",
  "9.5",
  "(",
  ")",
  "!",
  "'",
  '"',
  ";",
  ",",
  ".",
];

/** Any code point, lone surrogates too. */
const anyUnit = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code));

export const hostileText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...FRAGMENTS) }, fc.string({ unit: anyUnit, maxLength: 3 })),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

/** The comment with these records as its only section. */
export const renderComment = (records: ReportRecords, context: ReportContext): string => {
  const head = records.verdict?.head ?? context.head ?? sha("a");
  const revision = { run: 7, attempt: 1, head };
  return composeComment([{ key: "metrics", revision, ...renderSection(records, context) }], "ci.yml");
};
