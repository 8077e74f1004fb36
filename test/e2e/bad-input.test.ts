/** Bad input: one clear message with a code and a place, a non-zero exit code, no partial files. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copyBuiltActions } from "../bundle/built-actions.ts";
import { readBadInputCases } from "./bad-input/read-cases.ts";
import { listUntracked, runCase, VALID_REPOSITORY } from "./bad-input/run-case.ts";

const bundles = new Map(copyBuiltActions().map(({ name, folder }) => [name, folder]));
let github: LocalGitHub;
beforeAll(async () => {
  github = await startLocalGitHub({ private: true, files: VALID_REPOSITORY });
});
afterAll(() => github.close());

/** What an action may write although it fails: the record of what it decided, and the log beside it. */
const RECORDS = new Set(["data-report.json", "verdict.json", "training-record.json", "training-record.log"]);

describe.for(readBadInputCases())("$action: $name", (bad) => {
  test("is reported, and leaves no partial files", async () => {
    const folder = bundles.get(bad.action) ?? expect.fail(`there is no action ${bad.action}`);
    const { code, log, outputs, workspace, filesBefore } = await runCase(github, folder, bad);
    const errors = log.split("\n").filter((line) => line.startsWith("::error"));
    const [first = "no error was reported"] = errors;
    const text = first.replace(/^::error[^:]*::/, "");

    expect(code, log).toBe(bad.exit);
    expect(text).toMatch(new RegExp(`\\[${bad.code}\\]$`));
    expect(errors.at(-1)).toMatch(new RegExp(`\\[${bad["last-code"] ?? bad.code}\\]$`));
    expect(errors.filter((line) => !/ \[[a-z0-9]+(?:-[a-z0-9]+)*\]$/.test(line))).toEqual([]);
    if (bad.place !== undefined) expect(text.startsWith(`${bad.place}:`), text).toBe(true);
    expect(text).toContain(bad.says ?? "");
    expect(outputs).toMatchObject(bad.outputs ?? {});

    expect(log).not.toMatch(/a bug in the action|\n\s+at .*\.js:\d+/);
    expect(log.replaceAll(/^::add-mask::.*$/gm, "")).not.toContain(github.token);
    const left = listUntracked(workspace).filter((path) => !filesBefore.has(path) && existsSync(join(workspace, path)));
    expect(left.filter((path) => !RECORDS.has(path) && !MADE_BY_COMMANDS.has(path))).toEqual([]);
  });
});

/** Files that the commands of the cases write themselves. */
const MADE_BY_COMMANDS = new Set(["scores.json", "begun"]);
