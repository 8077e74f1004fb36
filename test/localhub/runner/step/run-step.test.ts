import { describe, expect, test } from "vitest";
import { recordJob } from "../testing.ts";

describe('run: (GitHub docs, "jobs.<job_id>.steps[*].shell")', () => {
  test.each([
    ["no shell is bash without pipefail", "run: 'false | true; echo went on'", ["went on"]],
    [
      "bash has pipefail",
      "{ shell: bash, run: 'false | true; echo went on' }",
      ["##[error]Process completed with exit code 1."],
    ],
    ["sh", "{ shell: sh, run: 'echo $0 | grep -o sh$' }", ["sh"]],
    ["python", "{ shell: python, run: 'print(6 * 7)' }", ["42"]],
    ["a template", "{ shell: 'cat {0}', run: 'printed, not run' }", ["printed, not run"]],
    ["a template with quotes", "{ shell: 'bash -c \"cat {0}\"', run: 'quoted' }", ["quoted"]],
    [
      "a program without place for the script",
      "{ shell: cat, run: x }",
      [
        "##[error]Invalid shell option. Shell must be a valid built-in (bash, sh, cmd, powershell, pwsh) or a format string containing '{0}'",
      ],
    ],
    [
      "a program that is not there",
      "{ shell: 'nosuch {0}', run: x }",
      ["##[error]nosuch: command not found. Make sure 'nosuch' is installed and its folder is in PATH."],
    ],
    [
      "a shell of Windows",
      "{ shell: pwsh, run: x }",
      ["##[error]shell 'pwsh': this local GitHub does not play the shells of Windows; use bash, sh or python"],
    ],
  ])("%s", async (_, step, last) => {
    const job = await recordJob({ job: `steps:\n  - ${step}` });
    expect(job.steps[1]?.lines.slice(-last.length)).toEqual(last);
  });

  test("the arguments of each shell", async () => {
    const job = await recordJob({
      job: "steps: [{ shell: bash, run: 'true' }, { run: 'true' }, { shell: sh, run: 'true' }]",
    });
    expect(job.log.match(/^shell: .*$/gm)?.map((line) => line.replace(/^shell: \S*\//, ""))).toEqual([
      "bash --noprofile --norc -e -o pipefail {0}",
      "bash -e {0}",
      "sh -e {0}",
    ]);
  });

  test("defaults, working-directory and a folder that is missing", async () => {
    const job = await recordJob({
      files: { "sub/deep/file": "" },
      job: `
defaults: { run: { shell: sh, working-directory: sub } }
steps:
  - { name: default, run: 'basename "$PWD"' }
  - { name: own, working-directory: sub/deep, run: 'basename "$PWD"' }
  - { name: missing, working-directory: nowhere, run: 'true' }`,
    });
    expect(job.step("default").lines.at(-1)).toBe("sub");
    expect(job.step("own").lines.at(-1)).toBe("deep");
    expect(job.step("missing").lines.at(-1)).toMatch(/with working directory '.*nowhere'\. No such file or directory$/);
  });
});

test("env: the step's wins over the job's, GITHUB_ENV over the job's, GitHub's own over all", async () => {
  const job = await recordJob({
    job: `
env: { A: job, B: "\${{ github.ref }}", D: job }
steps:
  - run: |
      echo "D=written" >> "$GITHUB_ENV"
      echo "GITHUB_SHA=mine" >> "$GITHUB_ENV"
      echo "NODE_OPTIONS=--inspect" >> "$GITHUB_ENV"
  - { env: { A: step, C: "\${{ env.B }}" , GITHUB_REF: mine }, run: 'echo "$A $B $C $D $GITHUB_REF $GITHUB_SHA|$NODE_OPTIONS|$CI $GITHUB_ACTIONS"' }
  - run: echo "\${{ env.A }} \${{ env.D }}"`,
  });
  const sha = "0".repeat(40);
  expect(job.steps[1]?.annotations).toMatchObject([
    { message: "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command." },
  ]);
  expect(job.steps[2]?.lines.at(-1)).toBe(
    `step refs/heads/main refs/heads/main written refs/heads/main ${sha}||true true`,
  );
  expect(job.steps[3]?.lines.at(-1)).toBe("job written");
});

test("a script sees GitHub's variables and the machine's, and nothing of the hub's", async () => {
  const job = await recordJob({
    job: "steps: [{ run: env }]",
    runner: { env: { PATH: process.env["PATH"] ?? "", MACHINE: "yes" } },
    services: { resultsUrl: "http://127.0.0.1:2/", runtimeToken: "runtime-token-value" },
  });
  const names = job.steps[1]?.lines.flatMap((line) => /^([A-Z_]+)=/.exec(line)?.[1] ?? []).toSorted();
  expect(names).toEqual(
    [
      ...["CI", "GITHUB_ACTION", "GITHUB_ACTIONS", "GITHUB_ACTION_REF", "GITHUB_ACTION_REPOSITORY", "GITHUB_API_URL"],
      ...["GITHUB_ARTIFACTS", "GITHUB_ENV", "GITHUB_EVENT_NAME", "GITHUB_EVENT_PATH", "GITHUB_GRAPHQL_URL"],
      ...["GITHUB_JOB", "GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_REF", "GITHUB_REPOSITORY", "GITHUB_SERVER_URL"],
      ...["GITHUB_SHA", "GITHUB_STATE", "GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE", "MACHINE", "PATH", "PWD"],
      ...["RUNNER_ARCH", "RUNNER_ENVIRONMENT", "RUNNER_NAME", "RUNNER_OS", "RUNNER_TEMP", "RUNNER_TOOL_CACHE"],
      ...["RUNNER_TRACKING_ID", "RUNNER_WORKSPACE", "SHLVL", "_"],
    ].toSorted(),
  );
});

test("folders written to GITHUB_PATH stand before PATH, the newest first", async () => {
  const job = await recordJob({
    job: `
steps:
  - run: printf '/one\\n/two\\n/one\\n' >> "$GITHUB_PATH"
  - run: echo "$PATH"`,
    runner: { env: { PATH: process.env["PATH"] ?? "" } },
  });
  expect(job.steps[2]?.lines.at(-1)).toMatch(/^\/one:\/two:\/[^o]/);
});

test("hashFiles reads the workspace as it is at that moment", async () => {
  const job = await recordJob({
    files: { "a.lock": "1", "sub/b.lock": "2", "sub/c.txt": "3" },
    job: `
steps:
  - run: echo "\${{ hashFiles('**/*.lock') }}|\${{ hashFiles('none') }}|\${{ hashFiles('sub') == hashFiles('sub/b.lock', 'sub/c.txt') }}"
  - run: rm a.lock
  - run: echo "\${{ hashFiles('**/*.lock', '!sub/**') }}|\${{ hashFiles('**/*.lock') != '' }}"`,
  });
  expect(job.steps[1]?.lines.at(-1)).toMatch(/^[0-9a-f]{64}\|\|true$/);
  expect(job.steps[3]?.lines.at(-1)).toBe("|true");
});

describe("what a step says", () => {
  test("commands in its output, with annotations", async () => {
    const job = await recordJob({
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

  test("a disabled command in printed text fails the step, unless the workflow asks for it", async () => {
    const step = "run: 'echo \"::set-env name=A::b\"'";
    const refused = await recordJob({ job: `steps:\n  - ${step}` });
    expect(refused.result.conclusion).toBe("failure");
    expect(refused.log).toContain("The `set-env` command is disabled.");
    const allowed = await recordJob({
      job: `env: { ACTIONS_ALLOW_UNSECURE_COMMANDS: true }\nsteps:\n  - ${step}\n  - run: echo "got $A"`,
    });
    expect(allowed.steps[2]?.lines.at(-1)).toBe("got b");
  });

  test("ten annotations of a kind, and messages of 4,096 (actions/runner, `ExecutionContext`)", async () => {
    const job = await recordJob({
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

  test('summaries: masked, up to 1,048,576 bytes, dropped whole above (GitHub docs, "Job summaries")', async () => {
    const job = await recordJob({
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

  test("a broken output file fails the step, and what stands before the fault counts", async () => {
    const job = await recordJob({
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

  test("problem matchers make annotations of a tool's lines", async () => {
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
    const job = await recordJob({
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

  test("debug lines are shown when the repository asks for them", async () => {
    const job = await recordJob({
      contexts: { vars: { ACTIONS_STEP_DEBUG: "true" } },
      job: "steps: [{ run: 'echo ::debug::details; echo \"debug is $RUNNER_DEBUG\"' }]",
    });
    expect(job.steps[1]?.lines.slice(-2)).toEqual(["##[debug]details", "debug is 1"]);
  });
});
