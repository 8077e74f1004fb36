import { describe, expect, test } from "vitest";
import { runAndRecordJob } from "../testing.ts";

describe("commands of a step", () => {
  test("commands in its output, with annotations", async () => {
    const job = await runAndRecordJob({
      job: `
steps:
  - id: one
    run: |
      echo "::notice file=$GITHUB_WORKSPACE/src/a.py,line=3,endLine=5,title=T::look"
      echo "::warning::careful"
      echo "::set-output name=old::value"
      echo "::debug::not shown"
      echo "::group::G"; echo inside; echo "::endgroup::"
      echo "::add-mask::hide-me"; echo "a hide-me b"
      echo "::stop-commands::token-123"; echo "::error::not a command"; echo "::token-123::"; echo "::error::a command"
  - run: echo "\${{ steps.one.outputs.old }}"`,
    });
    const [, one, two] = job.steps;
    expect(one?.annotations).toMatchObject([
      { level: "notice", message: "look", path: "src/a.py", startLine: 3, endLine: 5, title: "T" },
      { level: "warning", message: "careful" },
      { level: "warning", message: expect.stringContaining("`set-output` command is deprecated") },
      { level: "failure", message: "a command" },
    ]);
    const output = one?.lines.slice(one.lines.indexOf("##[endgroup]") + 1);
    expect(output?.filter((line) => !line.includes("deprecated"))).toEqual([
      ...["##[notice]look", "##[warning]careful", "##[group]G", "inside", "##[endgroup]", "a *** b"],
      ...["::stop-commands::***", "::error::not a command", "::***::", "##[error]a command"],
    ]);
    expect(two?.lines.at(-1)).toBe("value");
    expect(job.result.conclusion).toBe("success");
  });

  test("a disabled command in printed text fails the step, unless the workflow allows it", async () => {
    const step = "run: 'echo \"::set-env name=A::b\"'";
    const refused = await runAndRecordJob({ job: `steps:\n  - ${step}` });
    expect(refused.result.conclusion).toBe("failure");
    expect(refused.log).toContain("The `set-env` command is disabled.");
    const allowed = await runAndRecordJob({
      job: `env: { ACTIONS_ALLOW_UNSECURE_COMMANDS: true }\nsteps:\n  - ${step}\n  - run: echo "got $A"`,
    });
    expect(allowed.steps[2]?.lines.at(-1)).toBe("got b");
  });

  test("ten annotations of a kind, and messages of 4,096 (actions/runner, `ExecutionContext`)", async () => {
    const job = await runAndRecordJob({
      job: `
steps:
  - run: |
      for i in $(seq 12); do echo "::warning::w$i"; done
      echo "::error::$(printf '%05000d' 0)"`,
    });
    const annotations = job.steps[1]?.annotations ?? [];
    expect(annotations.filter(({ level }) => level === "warning")).toHaveLength(10);
    expect(job.log).toContain("##[warning]w12");
    expect(annotations.at(-1)?.message).toHaveLength(4_096);
  });

  test('summaries: masked, up to 1,048,576 bytes, dropped as a whole above (GitHub docs, "Job summaries")', async () => {
    const job = await runAndRecordJob({
      assignment: { masks: ["hunter2"] },
      job: `
steps:
  - { name: small, run: 'echo "the password is hunter2" >> "$GITHUB_STEP_SUMMARY"' }
  - { name: most, run: 'printf "%01048576d" 0 > "$GITHUB_STEP_SUMMARY"' }
  - { name: more, run: 'printf "%01048577d" 0 > "$GITHUB_STEP_SUMMARY"' }`,
    });
    expect(job.step("small").summary).toBe("the password is ***\n");
    expect(job.step("most").summary).toHaveLength(1_048_577);
    expect(job.step("more").summary).toBe("");
    expect(job.step("more").annotations[0]?.message).toMatch(
      /^\$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got 1024k\./,
    );
    expect(job.result.conclusion).toBe("success");
  });

  test("an invalid output file fails the step, and the lines before the error count", async () => {
    const job = await runAndRecordJob({
      job: `
steps:
  - { id: one, run: 'printf "good=1\\nbroken\\n" >> "$GITHUB_OUTPUT"' }
  - { if: always(), run: 'echo "\${{ steps.one.outputs.good }}"' }`,
    });
    expect(job.steps[1]?.annotations.map(({ message }) => message)).toEqual([
      "Unable to process file command 'output' successfully.",
      "Invalid format 'broken'",
    ]);
    expect(job.steps[2]?.lines.at(-1)).toBe("1");
  });

  test("problem matchers turn a tool's lines into annotations", async () => {
    const matcher = {
      problemMatcher: [
        {
          owner: "lint",
          pattern: [
            { regexp: "^(\\S+\\.py)$", file: 1 },
            {
              regexp: "^\\s+(\\d+):(\\d+)\\s+(error|warning)\\s+(.*)$",
              line: 1,
              column: 2,
              severity: 3,
              message: 4,
              loop: true,
            },
          ],
        },
      ],
    };
    const job = await runAndRecordJob({
      files: { "matcher.json": JSON.stringify(matcher), "src/a.py": "" },
      job: `
steps:
  - run: |
      echo "::add-matcher::matcher.json"
      echo "src/a.py"; echo "  3:7 error bad name"; echo "  9:1 warning long"; echo "other"; echo "  1:1 error not after a file"
  - run: |
      echo "::remove-matcher owner=lint::"
      echo "src/a.py"; echo "  3:7 error bad name"`,
    });
    expect(job.steps[1]?.annotations).toMatchObject([
      { level: "failure", message: "bad name", path: "src/a.py", startLine: 3, startColumn: 7 },
      { level: "warning", message: "long", path: "src/a.py", startLine: 9, startColumn: 1 },
    ]);
    expect(job.steps[2]?.annotations).toEqual([]);
  });

  test("debug lines are shown when the repository enables them", async () => {
    const job = await runAndRecordJob({
      contexts: { vars: { ACTIONS_STEP_DEBUG: "true" } },
      job: "steps: [{ run: 'echo ::debug::details; echo \"debug is $RUNNER_DEBUG\"' }]",
    });
    expect(job.steps[1]?.lines.slice(-2)).toEqual(["##[debug]details", "debug is 1"]);
  });
});
