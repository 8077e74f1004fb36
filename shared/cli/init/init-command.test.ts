/** `init` in folders as people have them. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CommandContext } from "../command.ts";
import { runProgram } from "../program.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "init-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
const git = (...words: readonly string[]) => execFileSync("git", ["-C", folder, ...words], { encoding: "utf8" });
function begin(files: Readonly<Record<string, string>>): void {
  git("init", "--quiet", "--initial-branch=trunk");
  write(files);
  git("add", "--all");
}
const run = (words: readonly string[], extra: Partial<CommandContext> = {}) =>
  runProgram(["init", ...words], {
    ...{ folder, now: new Date(0), signal: new AbortController().signal, token: "" },
    ...extra,
  });
const read = (path: string): string => readFileSync(join(folder, path), "utf8");

const PROJECT = {
  "train.py": 'json.dump(m, open("metrics.json", "w"))\n',
  "requirements.txt": "scikit-learn\n",
  "data/wine.csv": "id,sugar\n1,2.5\n2,\n",
  ".gitignore": "metrics.json\n",
};

test("it writes a workflow, a contract and, of what was measured here, a policy", async () => {
  begin(PROJECT);
  write({ "metrics.json": '{"accuracy": 0.91, "name": "tree"}' });
  const { out, error, code } = await run(["--yes", "--actions", "acme/mlops-actions@v1"]);
  expect([error, code]).toEqual(["", 0]);
  expect(out).toContain(
    "training: train.py is there\nmetrics: metrics.json has 1 number: accuracy\ndata: data/wine.csv\n",
  );
  expect(out).toContain("written .github/workflows/model.yml\nwritten contracts/wine.yml\nwritten .github/mlops.yml\n");
  expect(out).not.toContain("OWNER");
  expect(read(".github/workflows/model.yml")).toContain("branches: [trunk]");
  expect(read(".github/workflows/model.yml")).toContain(
    "- uses: acme/mlops-actions@v1\n        with:\n          metrics: metrics.json\n",
  );
  expect(read(".github/mlops.yml")).toContain("- metric: accuracy # 0.91 in this run\n    better: higher\n");
  expect(read("contracts/wine.yml")).toContain("name: sugar");
  expect(
    (
      await runProgram(["gate", "metrics.json"], {
        folder,
        now: new Date(0),
        signal: new AbortController().signal,
        token: "",
      })
    ).out,
  ).toContain("accuracy");
});

test("nothing that is there is overwritten, and without results there is no policy yet", async () => {
  begin({ ...PROJECT, ".github/workflows/model.yml": "mine" });
  const { out, code } = await run(["--yes"]);
  expect(code).toBe(0);
  expect(out).toContain("metrics: train.py names metrics.json\n");
  expect(out).toContain("kept    .github/workflows/model.yml\n");
  expect(out).toContain("Replace OWNER");
  expect(read(".github/workflows/model.yml")).toBe("mine");
  expect(existsSync(join(folder, ".github/mlops.yml"))).toBe(false);
});

test("in a terminal it asks three questions, with the guesses as answers", async () => {
  begin(PROJECT);
  const asked: string[] = [];
  const answers = ["python train.py --fast", "out/a.json out/b.json", "-"];
  const { code } = await run([], {
    release: "acme/mlops-actions@0123456789abcdef0123456789abcdef01234567 v1.2.3",
    ask: async (question, guess) => {
      asked.push(`${question} [${guess}]`);
      return answers[asked.length - 1] ?? guess;
    },
  });
  expect(code).toBe(0);
  expect(asked).toEqual([
    "Which command trains the model? [python train.py]",
    "Which files does it write its results to? (several: separated by spaces) [metrics.json]",
    "Which CSV file should be checked before training? (-: none) [data/wine.csv]",
  ]);
  const workflow = read(".github/workflows/model.yml");
  expect(workflow).toContain("      - run: python train.py --fast\n");
  expect(workflow).toContain("          metrics: |\n            out/a.json\n            out/b.json\n");
  expect(workflow).toContain("- uses: acme/mlops-actions@0123456789abcdef0123456789abcdef01234567 # v1.2.3\n");
  expect(existsSync(join(folder, "contracts"))).toBe(false);
});

test.each([
  [
    "outside git",
    () => undefined,
    ["--yes"],
    "this folder is in no git repository. Start it in a clone, or run git init first. [init-not-at-root]",
  ],
  [
    "no training",
    () => begin({ "README.md": "" }),
    ["--yes"],
    "nothing here says how the model is trained. Start it without --yes in a terminal, and write the command; or add a file such as train.py. [init-training-unknown]",
  ],
  [
    "a release of no grammar",
    () => begin(PROJECT),
    ["--yes", "--actions", "acme"],
    '"acme" names no release of the actions. Write owner/name@tag or owner/name@commit. [init-actions-unknown]',
  ],
])("%s: refused, and nothing is written", async (_, prepare, words, message) => {
  prepare();
  const { out, error, code } = await run(words);
  expect([out, error, code]).toEqual(["", `${message}\n`, 1]);
  expect(existsSync(join(folder, ".github"))).toBe(false);
});

test("a folder below the root is refused", async () => {
  begin(PROJECT);
  const { error, code } = await run(["--yes"], { folder: join(folder, "data") });
  expect([error, code]).toEqual([
    "this folder is not the root of its repository. Start it in the folder above that has .git. [init-not-at-root]\n",
    1,
  ]);
});
