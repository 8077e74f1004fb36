import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { runAndRecordJob, temporaryFolder } from "./testing.ts";

test("a job runs from set up to complete, and returns its outputs", async () => {
  const job = await runAndRecordJob({
    job: `
outputs:
  greeting: \${{ steps.hello.outputs.greeting }}
  nothing: \${{ steps.hello.outputs.other }}
steps:
  - id: hello
    run: |
      echo "greeting=hi there" >> "$GITHUB_OUTPUT"
      echo hello
  - name: Say it
    run: echo "\${{ steps.hello.outputs.greeting }} from $GITHUB_REPOSITORY"`,
  });
  expect(job.result).toEqual({ conclusion: "success", outputs: { greeting: "hi there" }, environmentUrl: undefined });
  expect(job.steps.map(({ number, name, conclusion }) => [number, name, conclusion])).toEqual([
    [1, "Set up job", "success"],
    [2, 'Run echo "greeting=hi there" >> "$GITHUB_OUTPUT"', "success"],
    [3, "Say it", "success"],
    [4, "Complete job", "success"],
  ]);
  expect(job.step("Say it").lines).toEqual([
    '##[group]Run echo "hi there from $GITHUB_REPOSITORY"',
    '\u001b[36;1mecho "hi there from $GITHUB_REPOSITORY"\u001b[0m',
    expect.stringMatching(/^shell: \/.*bash -e \{0\}$/),
    "##[endgroup]",
    "hi there from octo/app",
  ]);
});

describe("conditions and results", () => {
  test("a failure skips the following steps, except those with failure() or always()", async () => {
    const job = await runAndRecordJob({
      job: `
outputs:
  seen: \${{ steps.broken.outcome }} \${{ steps.broken.conclusion }} \${{ steps.skipped.conclusion }} \${{ job.status }}
steps:
  - { id: broken, name: broken, run: exit 3 }
  - { id: skipped, name: skipped, run: "true" }
  - { name: on failure, if: failure(), run: "true" }
  - { name: always, if: "\${{ always() && steps.broken.outcome == 'failure' }}", run: "true" }
  - { name: on cancel, if: cancelled(), run: "true" }`,
    });
    expect(job.result.conclusion).toBe("failure");
    expect(job.result.outputs).toEqual({ seen: "failure failure skipped failure" });
    expect(job.steps.map(({ name, conclusion }) => `${name}: ${conclusion}`)).toEqual([
      "Set up job: success",
      "broken: failure",
      "skipped: skipped",
      "on failure: success",
      "always: success",
      "on cancel: skipped",
      "Complete job: success",
    ]);
    expect(job.step("broken").annotations).toMatchObject([
      { level: "failure", message: "Process completed with exit code 3." },
    ]);
    expect(job.step("skipped").lines).toEqual([]);
  });

  test("continue-on-error keeps the outcome, and the conclusion is success", async () => {
    const job = await runAndRecordJob({
      job: `
outputs:
  seen: \${{ steps.broken.outcome }} \${{ steps.broken.conclusion }}
steps:
  - { id: broken, run: exit 1, continue-on-error: "\${{ github.ref == 'refs/heads/main' }}" }
  - { name: next, run: "true" }`,
    });
    expect(job.result).toMatchObject({ conclusion: "success", outputs: { seen: "failure success" } });
    expect(job.step("next").conclusion).toBe("success");
  });

  test("an expression that fails fails the step, with its text", async () => {
    const job = await runAndRecordJob({
      job: `
steps:
  - { name: bad condition, if: "fromJSON('{')", run: "true" }
  - { name: bad script, if: always(), run: "echo \${{ fromJSON('{') }}" }
  - { name: bad env, if: always(), env: { A: "\${{ fromJSON('{') }}" }, run: "true" }`,
    });
    expect(job.result.conclusion).toBe("failure");
    for (const name of ["bad condition", "bad script", "bad env"]) {
      expect(job.step(name).conclusion).toBe("failure");
      expect(job.step(name).annotations[0]?.message).toContain("fromJSON('{')");
    }
  });
});

describe("the machine", () => {
  test("a self-hosted machine keeps the workspace, and its temp folder starts and ends empty", async () => {
    const directory = temporaryFolder();
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const job = 'steps: [{ run: \'touch kept "$RUNNER_TEMP/gone"; ls "$RUNNER_TEMP"\' }]';
    await runAndRecordJob({ job, directory });
    expect(existsSync(join(directory, "_work/app/app/kept"))).toBe(true);
    expect(existsSync(join(directory, "_work/_temp"))).toBe(false);
    const again = await runAndRecordJob({ job: "steps: [{ run: 'ls' }]", directory });
    expect(again.steps[1]?.lines.at(-1)).toBe("kept");
    const hosted = await runAndRecordJob({
      ...{ job: "steps: [{ run: 'ls' }]", directory },
      runner: { environment: "github-hosted" },
    });
    expect(hosted.steps[1]?.lines.at(-1)).toBe("##[endgroup]");
  });

  test("orphan processes are killed when the job ends, after the post steps", async () => {
    // The process has the name bash until it has become sleep.
    const job = await runAndRecordJob({
      job: `
steps:
  - run: |
      sleep 60 >/dev/null 2>&1 &
      until read -r name < /proc/$!/comm && [ "$name" = sleep ]; do sleep 0.01; done
      echo $!`,
    });
    const pid = job.steps[1]?.lines.at(-1);
    expect(job.step("Complete job").lines).toContain(`Terminate orphan process: pid (${pid}) (sleep)`);
  });

  test("a process with a tracking id of its own is left alone", async () => {
    const job = await runAndRecordJob({
      job: "steps: [{ run: 'sleep 60 >/dev/null 2>&1 & echo $!', env: { RUNNER_TRACKING_ID: own } }]",
    });
    expect(job.step("Complete job").lines).toEqual(["Cleaning up orphan processes"]);
    // That it can be signalled shows that it is alive; the signal ends it.
    expect(process.kill(Number(job.steps[1]?.lines.at(-1)), "SIGKILL")).toBe(true);
  });

  test("a Windows machine is rejected", async () => {
    const job = await runAndRecordJob({ job: "steps: [{ run: 'true' }]", runner: { os: "Windows" } });
    expect(job.result.conclusion).toBe("failure");
    expect(job.log).toContain("##[error]this local GitHub does not support Windows machines");
  });
});

test("outputs that contain a secret are removed; the environment's URL is returned", async () => {
  const job = await runAndRecordJob({
    job: `
outputs:
  open: plain
  hidden: \${{ steps.one.outputs.token }}
steps:
  - { id: one, run: 'echo "token=$TOKEN" >> "$GITHUB_OUTPUT"', env: { TOKEN: "\${{ secrets.TOKEN }}" } }`,
    contexts: { secrets: { TOKEN: "hunter2-hunter2" } },
    assignment: { masks: ["hunter2-hunter2"], environmentUrl: "https://example.test/${{ github.ref }}" },
  });
  expect(job.result).toEqual({
    conclusion: "success",
    outputs: { open: "plain" },
    environmentUrl: "https://example.test/refs/heads/main",
  });
  expect(job.step("Complete job").annotations).toMatchObject([
    { level: "warning", message: "Skip output 'hidden' since it may contain secret." },
  ]);
  expect(job.log).not.toContain("hunter2");
});

test('the outputs of a job may have 1 MB in total, in UTF-16 (GitHub docs, "Defining outputs for jobs")', async () => {
  const jobWith = (characters: number) =>
    runAndRecordJob({
      job: `
outputs: { big: "\${{ steps.one.outputs.big }}" }
steps:
  - { id: one, run: 'printf "big=%0${characters}d\\n" 0 >> "$GITHUB_OUTPUT"' }`,
    });
  const [most, more] = await Promise.all([jobWith(524_288), jobWith(524_289)]);
  expect(most.result.conclusion).toBe("success");
  expect(more.result).toMatchObject({ conclusion: "failure", outputs: {} });
});
