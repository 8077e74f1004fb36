import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { runProgram } from "../program.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gate-command-"));
  return () => rmSync(folder, { recursive: true });
});

function write(name: string, content: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
}
const git = (...words: readonly string[]): string =>
  execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.example", ...words], {
    cwd: folder,
    encoding: "utf8",
  });
function commit(): void {
  git("add", "--all");
  git("commit", "--quiet", "--message=a");
}
const run = (...words: readonly string[]) =>
  runProgram(words, { folder, now: new Date(0), signal: new AbortController().signal, token: "" });

const POLICY = `version: 2
gates:
  - { metric: mae, better: lower, max-regression: 1%, max: 3 }
  - { metric: recall, better: higher, min: 0.5, slices: { north: { min: 0.4 } } }
`;

/** A branch of its own, on which `metrics.json` differs from that of main. */
function createRepository(now: unknown): void {
  git("init", "--quiet", "--initial-branch=main");
  write(".github/mlops.yml", POLICY);
  write("metrics.json", JSON.stringify({ mae: 2.45123456789, recall: 0.61 }));
  commit();
  git("checkout", "--quiet", "-b", "work");
  write("metrics.json", JSON.stringify(now));
}

test("of several models, the one that is named is judged", async () => {
  createRepository({ mae: 2.4, recall: 0.61 });
  write(
    ".github/mlops.yml",
    `${POLICY}models: { a: { files: [a], gates: [{ metric: mae, max: 3 }] }, b: { files: [b], gates: [{ metric: mae, max: 1 }] } }\n`,
  );
  expect((await run("gate", "metrics.json", "--model", "a")).code).toBe(0);
  expect((await run("gate", "metrics.json", "--model", "b")).out).toContain("1");
  expect((await run("gate", "metrics.json", "--model", "b")).code).toBe(1);
  expect((await run("gate", "metrics.json")).error).toContain('Set --model to "a" or "b". [model-not-named]');
});

describe("gate", () => {
  test("compares with the same file on the default branch, and closes", async () => {
    createRepository({ mae: 2.55123456789, rmse: 3 });
    const { out, error, code } = await run("gate", "metrics.json");
    expect([error, code]).toEqual(["", 1]);
    expect(out).toMatch(/^By \.github\/mlops\.yml, against metrics\.json of main at [0-9a-f]{7}:\n/);
    expect(out).toMatch(/✗ {2}mae +2\.451 → 2\.551 +▲ 4\.1 % \(0\.1\) worse +≤ 3, ≤ 1 % worse\n/);
    expect(out).toContain("fail: recall: it was not measured; measured: ");
    expect(out).toMatch(/The gate is closed: 3 of 4 rules broken\.\n$/);
  });

  test("passes, and says so", async () => {
    createRepository({});
    write("metrics.json", '{"mae": 2.45, "recall": 0.62}');
    write("new.csv", "metric,slice,value\nmae,,2.45\nrecall,,0.62\nrecall,north,0.5\n");
    const { out, code } = await run("gate", "new.csv", "--baseline", "metrics.json");
    expect(out).toMatch(/against metrics\.json:\n/);
    expect(out).toMatch(/The gate is open: 4 rules judged\.\n$/);
    expect(code).toBe(0);
  });

  test("as JSON, without what would make a record of it", async () => {
    createRepository({ mae: 9, recall: 0.6 });
    const { out, code } = await run("gate", "metrics.json", "--json");
    expect(code).toBe(1);
    const value = JSON.parse(out);
    expect(value).toMatchObject({ outcome: "fail", policy: { path: ".github/mlops.yml" } });
    expect(Object.keys(value)).not.toContain("schema");
    expect(Object.keys(value)).not.toContain("origin");
  });

  test.each<[string, () => void, RegExp]>([
    [
      "the rules differ from those of the base",
      () => write(".github/mlops.yml", POLICY.replace("max: 3", "max: 9")),
      /on GitHub its rules count, and not these/,
    ],
    [
      "the base has no rules",
      () => {
        git("rm", "--quiet", "--cached", ".github/mlops.yml");
        git("commit", "--quiet", "--message=b");
        git("branch", "--force", "main");
      },
      /on GitHub these rules count once they are merged/,
    ],
    [
      "the base has no such file",
      () => write("other.json", '{"mae": 2, "recall": 1}'),
      /main at [0-9a-f]{7} has no other\.json; name files to compare with by --baseline/,
    ],
  ])("says that %s", async (_, prepare, expected) => {
    createRepository({ mae: 2, recall: 1 });
    prepare();
    const { out } = await run("gate", expected.source.includes("other") ? "other.json" : "metrics.json");
    expect(out).toMatch(expected);
  });

  test("a folder without git has no baseline, and rules that need one fail", async () => {
    write(".github/mlops.yml", POLICY);
    write("metrics.json", '{"mae": 2, "recall": 1}');
    const { out, code } = await run("gate", "metrics.json");
    expect(out).toContain("there is no baseline: git has no default branch here");
    expect(code).toBe(1);
  });

  test.each<[string, readonly string[], RegExp]>([
    [
      "no policy",
      ["gate", "metrics.json", "--policy", "none.yml"],
      /^none\.yml: there is no policy here\..*\[policy-missing\]\n$/,
    ],
    ["a policy that is wrong", ["gate", "metrics.json", "--policy", "wrong.yml"], /^wrong\.yml:3:7: .*\[policy-/],
    [
      "a policy without gates",
      ["gate", "metrics.json", "--policy", "empty.yml"],
      /^empty\.yml: the policy has no gates.*\[gate-nothing-to-judge\]\n$/,
    ],
    ["no such file", ["gate", "none.json"], /\[no-files\]\n$/],
    ["a file outside", ["gate", "../x.json"], /outside|workspace/],
    [
      "a base that is not there",
      ["gate", "metrics.json", "--base", "-x\u001b[31m"],
      /git knows no branch, tag or commit "-x.*\[base-unknown\]\n$/,
    ],
    ["numbers that are none", ["gate", "nan.json"], /nan\.json/],
    ["no file named", ["gate"], /missing required argument 'files'/],
    [
      "an option that is not known",
      ["gate", "metrics.json", "--bse", "x"],
      /unknown option '--bse'\n\(Did you mean --base\?\)/,
    ],
  ])("%s is one clear error", async (_, words, expected) => {
    createRepository({ mae: 2, recall: 1 });
    write("wrong.yml", "version: 2\ngates:\n  - { metrik: mae }\n");
    write("empty.yml", "version: 2\ndata: { contract: a.yml, files: [a.csv] }\n");
    write("nan.json", '{"mae": NaN}');
    const { out, error, code } = await run(...words);
    expect([out, code]).toEqual(["", 1]);
    expect(error).toMatch(expected);
    expect(error).not.toContain("\u001b");
  });
});

describe("explain", () => {
  test("says what each rule compared, and which values it would accept", async () => {
    createRepository({ mae: 2.5, recall: 0.4 });
    const { out, code } = await run("explain", "metrics.json");
    expect(code).toBe(0);
    expect(out).toContain("✗ mae: ≤ 1 % worse\n");
    expect(out).toContain("    holds up to 2.4757469135689\n");
    expect(out).toContain("    holds from 0.5 upwards\n");
  });
});

describe("simulate", () => {
  test("judges each result against the one before it", async () => {
    createRepository({ mae: 2, recall: 1 });
    for (const [at, mae] of [2, 2.01, 2.5, 2.4].entries())
      write(`runs/${at}.json`, JSON.stringify({ mae, recall: 0.6 }));
    const { out, code } = await run("simulate", "runs/*.json", "--policy", ".github/mlops.yml");
    expect(code).toBe(0);
    expect(out).toContain("3 of 3 earlier results would have failed");
    expect(out).toContain("  mae ≤ 1 % worse: once, runs/2.json\n");
    expect(out).toContain("  recall [north] ≥ 0.4: 3 times, last runs/3.json\n");
    expect(out).toContain("  recall ≥ 0.5: never\n");
  });

  test("needs two", async () => {
    createRepository({ mae: 2, recall: 1 });
    expect((await run("simulate", "metrics.json")).error).toMatch(/\[simulate-too-few\]/);
  });
});

test("report writes the comment and a page", async () => {
  createRepository({ mae: 2.5, recall: 0.6 });
  const { out, code } = await run("report", "metrics.json", "--out", "seen");
  expect([out, code]).toEqual(["wrote seen/comment.md and seen/report.html\n", 0]);
  expect(readFileSync(join(folder, "seen/comment.md"), "utf8")).toMatch(
    /^### ❌ Not ready to merge: 2 of 4 rules are broken/,
  );
  expect(readFileSync(join(folder, "seen/report.html"), "utf8")).toContain("<!doctype html>");
});
