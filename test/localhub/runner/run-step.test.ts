import { describe, expect, test } from "vitest";
import { runAndRecordJob } from "./testing.ts";

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
      "a program without {0} for the script",
      "{ shell: cat, run: x }",
      [
        "##[error]Invalid shell option. Shell must be a valid built-in (bash, sh, cmd, powershell, pwsh) or a format string containing '{0}'",
      ],
    ],
    [
      "a program that does not exist",
      "{ shell: 'nosuch {0}', run: x }",
      ["##[error]nosuch: command not found. Make sure 'nosuch' is installed and its folder is in PATH."],
    ],
    [
      "a shell of Windows",
      "{ shell: pwsh, run: x }",
      ["##[error]shell 'pwsh': this local GitHub does not support Windows shells; use bash, sh or python"],
    ],
  ])("%s", async (_, step, last) => {
    const job = await runAndRecordJob({ job: `steps:\n  - ${step}` });
    expect(job.steps[1]?.lines.slice(-last.length)).toEqual(last);
  });

  test("the arguments of each shell", async () => {
    const job = await runAndRecordJob({
      job: "steps: [{ shell: bash, run: 'true' }, { run: 'true' }, { shell: sh, run: 'true' }]",
    });
    expect(job.log.match(/^shell: .*$/gm)?.map((line) => line.replace(/^shell: \S*\//, ""))).toEqual([
      "bash --noprofile --norc -e -o pipefail {0}",
      "bash -e {0}",
      "sh -e {0}",
    ]);
  });

  test("defaults, working-directory and a folder that is missing", async () => {
    const job = await runAndRecordJob({
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

test("env: the step's overrides the job's, GITHUB_ENV the job's, GitHub's own all", async () => {
  const job = await runAndRecordJob({
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

test("a script gets GitHub's variables and the machine's, and none of the local GitHub's", async () => {
  const job = await runAndRecordJob({
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

test("folders written to GITHUB_PATH come before PATH, the newest first", async () => {
  const job = await runAndRecordJob({
    job: `
steps:
  - run: printf '/one\\n/two\\n/one\\n' >> "$GITHUB_PATH"
  - run: echo "$PATH"`,
    runner: { env: { PATH: process.env["PATH"] ?? "" } },
  });
  expect(job.steps[2]?.lines.at(-1)).toMatch(/^\/one:\/two:\/[^o]/);
});

test("hashFiles reads the current state of the workspace", async () => {
  const job = await runAndRecordJob({
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
