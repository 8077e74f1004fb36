/** What a review of a workflow looks for first, looked for in every one of ours. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const workflows = [".github/workflows", "workflows-templates"].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith(".yml"))
    .map((name) => ({ path: `${folder}/${name}`, text: readFileSync(join(root, folder, name), "utf8") })),
);

type Complaints = (text: string) => readonly string[];

const matches = (text: string, pattern: RegExp): readonly string[] => [...text.matchAll(pattern)].map(([all]) => all);

/** The jobs of a workflow, each with its lines. */
function jobsOf(text: string): readonly string[] {
  const [, jobs = ""] = text.split(/^jobs:\n/m);
  return jobs.split(/^(?= {2}[a-z][\w-]*:\n)/m).filter((job) => /^ {2}[a-z][\w-]*:\n/.test(job));
}

/** Lines that a shell will read: `run: …`, and what is indented below `run: |`. */
function scriptsOf(text: string): readonly string[] {
  const block = /^( *)(?:- )?run: [|>].*\n((?:\1 {2,}.*\n|\n)*)/gm;
  return [
    ...matches(text, /^ *(?:- )?run: (?![|>]).*$/gm),
    ...[...text.matchAll(block)].map(([, , body = ""]) => body),
  ];
}

const own = /^\s*(?:- )?uses: (?:OWNER\/mlops-actions\/actions\/[a-z-]+@v\d+|\$?\.?\/\S+)$/;
const pinned = /uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;

const RULES: Readonly<Record<string, Complaints>> = {
  "every foreign action is pinned to a commit, with its version": (text) =>
    matches(text, /^.*\buses: .*$/gm).filter((line) => !pinned.test(line) && !own.test(line)),
  "nothing is permitted by default": (text) =>
    /^permissions: \{\}$/m.test(text) ? [] : ["permissions: {} at the top"],
  "every permission has a reason": (text) =>
    matches(text, /^ {6}[a-z-]+: (?:read|write)\b.*$/gm).filter((line) => !/# \S+ \S+/.test(line)),
  "every job has an end": (text) => jobsOf(text).filter((job) => !/^ {4}timeout-minutes: \d+$/m.test(job)),
  "every job says what it may do": (text) => jobsOf(text).filter((job) => !/^ {4}permissions:/m.test(job)),
  "no job both trains and judges": (text) =>
    jobsOf(text).filter((job) => /\/train-model@/.test(job) && /\/(?:gate-metrics|register-model)@/.test(job)),
  "no script has anything pasted in": (text) => scriptsOf(text).filter((script) => script.includes("${{")),
  "credentials stay in a checkout only where a comment says why": (text) =>
    [...text.matchAll(/- uses: actions\/checkout@.*\n(?: {8,}.*\n)*/g)]
      .map(([step]) => step)
      .filter((step) => !/persist-credentials: false/.test(step) && !/# .*\n\s+persist-credentials: true/.test(step)),
};

describe.each(workflows)("$path", ({ text }) => {
  test.each(Object.entries(RULES))("%s", (_, rule) => {
    expect(rule(text)).toEqual([]);
  });
});

test("a release is built without a cache, and published without code of dependencies", () => {
  const text = readFileSync(join(root, ".github/workflows/release.yml"), "utf8");
  expect(text).not.toMatch(/actions\/cache|cache:|setup-node/);
  const publish = jobsOf(text).find((job) => job.startsWith("  publish:")) ?? "";
  expect(publish).toContain("contents: write");
  expect(publish).not.toMatch(/npm|npx|pnpm|\.ci\/run/);
  expect(jobsOf(text).filter((job) => /: write/.test(job))).toEqual([publish]);
});

describe("a workflow that breaks a rule is told", () => {
  const good = workflows.find(({ path }) => path.endsWith("ci.yml"))?.text ?? "";
  test.each<[string, string, string]>([
    [
      "every foreign action is pinned to a commit, with its version",
      "@3d3c42e5aac5ba805825da76410c181273ba90b1",
      "@v7",
    ],
    ["every foreign action is pinned to a commit, with its version", " # v7.0.1", ""],
    ["nothing is permitted by default", "permissions: {}", "permissions: write-all"],
    ["every permission has a reason", " # to check the repository out", ""],
    ["every job has an end", "    timeout-minutes: 30\n", ""],
    ["every job says what it may do", "    permissions:\n", ""],
    ["no script has anything pasted in", "run: .ci/run", "run: echo ${{ github.event.pull_request.title }}"],
    ["credentials stay in a checkout only where a comment says why", "persist-credentials: false", "fetch-depth: 0"],
  ])("%s (%j)", (rule, from, to) => {
    expect(good).toContain(from);
    expect(RULES[rule]?.(good.replace(from, to))).not.toEqual([]);
  });
});
