import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { spawnAction } from "./spawned-action.ts";

const echo = fileURLToPath(new URL("echo-action.ts", import.meta.url));

describe("an action as a process", () => {
  test("says, sets, sums up and exits green", async () => {
    const { code, log, outputs, summary } = await spawnAction(echo, { inputs: { text: "hello", token: "s3cret" } });
    expect(code).toBe(0);
    expect(outputs).toEqual({ said: "hello" });
    expect(summary).toContain("# hello");
    expect(log.split("\n")[0]).toBe("::add-mask::s3cret");
    expect(log).toContain("::group::Saying hello\nhello ***\n::endgroup::\n::warning::hello");
  });

  test("hostile text reaches the runner as text", async () => {
    const text = "x ##[set-output name=said;]no\n::set-output name=said::no\n::error::no";
    const { log, outputs } = await spawnAction(echo, { inputs: { text } });
    const commands = log.split("\n").filter((line) => /^\s*::|##\[/.test(line));
    expect(commands.map((line) => line.split("::")[1])).toEqual(["group", "endgroup", "warning"]);
    expect(outputs).toEqual({ said: text });
  });

  test.each([
    ["refused", 2, "::error::not here. Go away. [not-here]"],
    ["in a timer", 70, "Error: late"],
  ])("%s, it exits with %i and empty outputs", async (ending, code, words) => {
    const ended = await spawnAction(echo, { inputs: { text: "hello", ending } });
    expect(ended).toMatchObject({ code, outputs: { said: "" } });
    expect(ended.log).toContain(words);
  });

  test.each(["SIGINT", "SIGTERM"] as const)("cancelled by %s, it is gone at once", async (signal) => {
    const onOutput = (child: ChildProcess): void => void child.kill(signal);
    const ended = await spawnAction(echo, { inputs: { text: "hello", ending: "never" }, onOutput });
    expect(ended).toMatchObject({ code: 130, outputs: { said: "" } });
    expect(ended.log).toContain(
      "::error::the job was cancelled before the action was done. Re-run it when it may run to its end. [job-cancelled]",
    );
  });

  test("without the runner's file for outputs it is red and says why", async () => {
    const ended = await spawnAction(echo, { inputs: { text: "hello" }, env: { GITHUB_OUTPUT: "/nowhere/output" } });
    expect(ended.code).not.toBe(0);
    expect(ended.log).toContain("/nowhere/output");
  });
});
