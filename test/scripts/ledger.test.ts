/** `npm run ledger`: answers from a file and from a clone, without a network. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { createLedger } from "../../shared/core/promotion/testing.ts";
import { digestOf } from "../../shared/records/testing.ts";
import { root, runScript } from "./run-script.ts";

const evidence = [{ kind: "data", digest: digestOf("claims") }];
const { text } = createLedger(
  ["v1.0.0", "staging", { evidence }],
  ["v1.0.0", "production", { needs: ["staging"], evidence, reason: "first \u001b[31m" }],
  ["v1.1.0", "staging"],
);
let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ledger-"));
  file = join(folder, "ledger.jsonl");
  writeFileSync(file, text);
});

const ask = (...words: readonly string[]) => runScript(join(root, "scripts/ledger.mjs"), words);

describe("of a file", () => {
  test.each<[string, readonly string[], RegExp]>([
    [
      "history",
      ["history", "visits"],
      /staging {2}promoted v1\.0\.0 \(model [0-9a-f]{12}\) {2}by alice in run \d+\n.*production {2}promoted v1\.0\.0.*first \?\[31m\n.*promoted v1\.1\.0 \(model [0-9a-f]{12}\) in place of v1\.0\.0/,
    ],
    [
      "history of an environment",
      ["history", "visits", "Production"],
      /^2026[^\n]*production {2}promoted v1\.0\.0[^\n]*\n$/,
    ],
    ["what ran on a day", ["at", "visits", "production", "2026-06-15"], /^v1\.0\.0 {2}commit aaaaaaaaaaaa .*to now\n$/],
    ["what ran on a day before", ["at", "visits", "production", "2026-06-14"], /^nothing\n$/],
    [
      "what was trained on data",
      ["data", "visits", digestOf("claims").slice(0, 20)],
      /^v1\.0\.0 .* promoted to staging, production\n$/,
    ],
    [
      "whether it is complete",
      ["verify", "visits"],
      /^valid, 6 entries, without its tags\. staging: v1\.1\.0; production: v1\.0\.0\n$/,
    ],
  ])("%s", async (_, words, expected) => {
    const { code, stdout, stderr } = await ask(...words, "--file", file);
    expect([code, stderr, stdout]).toEqual([0, "", expect.stringMatching(expected)]);
  });

  test("as JSON, one value a line", async () => {
    const { stdout } = await ask("history", "visits", "--json", "--file", file);
    const events = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events.map(({ what, seq }) => [what, seq])).toEqual([
      ["promoted", 2],
      ["promoted", 4],
      ["promoted", 6],
    ]);
  });

  test.each<[string, readonly string[], string]>([
    ["a question that there is not", ["why", "visits"], "ask one of history, at, data, verify"],
    ["a date that is none", ["at", "visits", "production", "31.1.2026"], '"31.1.2026" is no date'],
    ["a digest that is none", ["data", "visits", "claims"], "give a digest"],
    ["another model", ["verify", "other"], "it is about another model, visits"],
    ["no model", ["verify"], "name a model, or --all"],
    ["all of a file", ["verify", "--all"], "a file is the ledger of one model"],
    ["an option that there is not", ["verify", "visits", "--yaml"], "--yaml"],
  ])("%s is explained", async (_, words, message) => {
    const { code, stderr } = await ask(...words, "--file", file);
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
  });

  test("that is broken: the line is named, and nothing is answered", async () => {
    const broken = join(folder, "broken.jsonl");
    writeFileSync(broken, text.replace('"seq":4', '"seq":5'));
    for (const question of ["verify", "history"]) {
      const { code, stdout, stderr } = await ask(question, "visits", "--file", broken);
      expect([code, stdout, stderr]).toEqual([1, "", expect.stringContaining(`${broken}:4: this entry of the ledger`)]);
    }
  });
});

describe("of a clone", () => {
  const git = (repository: string, ...words: readonly string[]): string =>
    execFileSync("git", ["-C", repository, "-c", "user.name=a", "-c", "user.email=a@b", ...words], {
      encoding: "utf8",
    });

  test("is compared with the assignment tags", async () => {
    const repository = join(folder, "clone");
    mkdirSync(repository);
    git(repository, "init", "-q", "-b", "mlops-ledger/visits");
    const none = await ask("verify", "--all", "--repository", repository);
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining("there is no ledger in")]);
    const { code, stderr } = await ask("verify", "visits", "--repository", repository);
    expect([code, stderr]).toEqual([1, expect.stringContaining("there is no ledger of visits")]);
    writeFileSync(join(repository, "ledger.jsonl"), "");
    git(repository, "add", ".");
    git(repository, "commit", "-qm", "empty");
    expect((await ask("verify", "visits", "--repository", repository)).stdout).toContain(
      "valid, 0 entries, with 0 assignment tags",
    );
    // Of all, what is wrong with one does not hide the others.
    git(repository, "checkout", "-q", "-b", "mlops-ledger/fraud=2Feu");
    git(repository, "tag", "-am", "by hand", "visits#staging#1");
    const all = await ask("verify", "--all", "--repository", repository);
    expect([all.code, all.stdout, all.stderr]).toEqual([
      1,
      expect.stringMatching(/^fraud\/eu {2}valid, 0 entries[^\n]*\n$/),
      expect.stringContaining("visits: the tag visits#staging#1 has no entry"),
    ]);
    const stray = await ask("verify", "visits", "--repository", repository);
    expect([stray.code, stray.stderr]).toEqual([1, expect.stringContaining("visits#staging#1 has no entry")]);
  });
});
