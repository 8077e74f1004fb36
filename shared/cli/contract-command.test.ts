import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeEach, expect, test } from "vitest";
import { runProgram } from "./program.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "contract-command-"));
  return () => rmSync(folder, { recursive: true });
});
const write = (name: string, content: string | Uint8Array): void => writeFileSync(join(folder, name), content);
const run = (...words: readonly string[]) =>
  runProgram(words, { folder, now: new Date(0), signal: new AbortController().signal, token: "" });

const CONTRACT =
  "version: 1\ncolumns: [{ name: id, type: integer, max: 5 }, { name: plan, type: string, severity: warn, enum: [a] }]\n";

test("a contract is drafted from a file, and the file satisfies it", async () => {
  write("visits.csv", "id;plan\n1;free\n2;\n");
  const { out: text, code } = await run("infer", "visits.csv");
  expect(code).toBe(0);
  expect(text).toContain("  - { name: plan, type: string, nullable: true }");
  write("contract.yml", text);
  expect(await run("check", "contract.yml", "*.csv")).toEqual({
    out: "visits.csv: 2 rows, 0 found\n",
    error: "",
    code: 0,
  });
});

test("files are checked: what fails, what only warns, and where", async () => {
  write("contract.yml", CONTRACT);
  write("a.csv", "id,plan\n1,b\n");
  write("b.csv", "id,plan\n1,a\n9,a\n");
  const { out: text, code } = await run("check", "contract.yml", "*.csv");
  expect(code).toBe(1);
  expect(text.split("\n")).toEqual([
    "a.csv: 1 row, 1 found",
    expect.stringMatching(/^ {2}warning: a\.csv:2: plan: should be "a"\. .* \[data-enum\]$/),
    "b.csv: 2 rows, 1 found",
    expect.stringMatching(/^ {2}b\.csv:3: id: should be at most 5\. .* \[data-range\]$/),
    "",
  ]);
  expect((await run("check", "contract.yml", "a.csv")).code).toBe(0);
});

test("what a contract of another language asks and nobody checks is said", async () => {
  write("schema.json", JSON.stringify({ properties: { a: { type: "string", format: "duration" } } }));
  write("a.csv", "a\nx\n");
  expect(await run("check", "schema.json", "a.csv")).toEqual({
    out: "note: schema.json: format is skipped: this format is not checked (a)\na.csv: 1 row, 0 found\n",
    error: "",
    code: 0,
  });
});

test("two contracts are compared", async () => {
  write("old.yml", CONTRACT);
  write("new.yml", CONTRACT.replace("max: 5", "max: 6"));
  expect(await run("diff", "old.yml", "new.yml")).toEqual({
    out: "looser  id max: 5 → 6\n",
    error: "",
    code: 0,
  });
  expect((await run("diff", "old.yml", "old.yml")).out).toBe("nothing changes\n");
});

test.each([
  [["infer"], "missing required argument 'file'"],
  [["check", "contract.yml"], "missing required argument 'files'"],
  [["diff", "a", "b", "c"], "too many arguments"],
  [["invent", "x"], "unknown command 'invent'"],
])("%j says what is wrong with it", async (words, text) => {
  expect(await run(...words)).toMatchObject({ out: "", error: expect.stringContaining(text), code: 1 });
});

test.each([
  [["infer", "none.csv"], /none\.csv/],
  [["infer", "../x.csv"], /outside|workspace/],
  [["infer", "latin.csv"], /it is not UTF-8/],
  [["infer", "empty.csv"], /it is empty/],
  [["check", "broken.yml", "*.csv"], /contract/],
  [["check", "contract.yml", "none*.csv"], /none\*\.csv/],
])("%j is one clear error", async (words, message) => {
  write("latin.csv", Buffer.from("a\n\xe4\n", "latin1"));
  write("empty.csv", "");
  write("broken.yml", "version: 1\ncolumns: []\n");
  write("contract.yml", CONTRACT);
  expect(await run(...words)).toEqual({ out: "", error: expect.stringMatching(message), code: 1 });
});

test("the program prints errors with their place, and exits with 1", async () => {
  write("broken.yml", "version: 1\ncolumns: []\n");
  const program = join(import.meta.dirname, "main.ts");
  const ended = await promisify(execFile)(process.execPath, [program, "check", "broken.yml", "x.csv"], {
    cwd: folder,
  }).catch((error: { code: number; stderr: string }) => error);
  expect(ended).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^broken\.yml:2:10: .* \[contract-[a-z-]+\]\n$/),
  });
});
