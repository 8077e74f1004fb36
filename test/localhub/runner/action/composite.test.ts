import { describe, expect, test } from "vitest";
import { runAndRecordJob } from "../testing.ts";

function action(runs: string, rest = ""): string {
  return `name: test\ndescription: test\n${rest}\nruns: ${runs}\n`;
}

describe("composite actions", () => {
  const outer = action(
    `
  using: composite
  steps:
    - { id: one, shell: bash, run: 'echo "value=\${{ inputs.word }}-\${{ env.GIVEN }}" >> "$GITHUB_OUTPUT"' }
    - { uses: octo/inner@v1, env: { MORE: more } }
    - { shell: bash, working-directory: sub, run: 'basename "$PWD"; ls "$GITHUB_ACTION_PATH"; echo "path=\${{ github.action_path }}"' }
    - { if: "steps.one.outcome == 'failure'", shell: bash, run: echo never }`,
    "inputs: { word: { description: d, default: none } }\noutputs: { said: { description: d, value: '${{ steps.one.outputs.value }}!' } }",
  );
  const inner = {
    "action.yml": action("{ using: node24, pre: pre.js, main: main.js, post: post.js }"),
    "pre.js": "console.log('inner pre')",
    "main.js":
      "console.log('inner main ' + process.env.GIVEN + process.env.MORE); require('fs').appendFileSync(process.env.GITHUB_STATE, 'k=v\\n')",
    "post.js": "console.log('inner post ' + process.env.STATE_k)",
  };

  test("inputs, outputs, environment, nested pre and post, all in one step", async () => {
    const job = await runAndRecordJob({
      files: { "sub/x": "" },
      job: `
outputs: { said: "\${{ steps.c.outputs.said }}" }
steps:
  - { id: c, uses: octo/outer@v1, with: { word: hello }, env: { GIVEN: given } }`,
      actions: { "octo/outer@v1": { "action.yml": outer, marker: "" }, "octo/inner@v1": inner },
    });
    expect(job.result).toMatchObject({ conclusion: "success", outputs: { said: "hello-given!" } });
    expect(job.steps.map(({ name }) => name)).toEqual([
      ...["Set up job", "Pre Run octo/outer@v1", "Run octo/outer@v1", "Post Run octo/outer@v1", "Complete job"],
    ]);
    expect(job.step("Pre Run octo/outer@v1").lines).toContain("inner pre");
    expect(job.step("Post Run octo/outer@v1").lines).toContain("inner post v");
    const lines = job.step("Run octo/outer@v1").lines;
    expect(lines).toContain("inner main givenmore");
    expect(lines.slice(-4)).toEqual(["sub", "action.yml", "marker", expect.stringMatching(/^path=.*octo_outer_v1$/)]);
  });

  test("a failure inside skips the rest of it and fails the step; success() checks only the action", async () => {
    const job = await runAndRecordJob({
      job: `
steps:
  - { name: broken, run: exit 1 }
  - { if: always(), uses: octo/c@v1, id: c }
  - { if: "always() && steps.c.outcome == 'failure'", name: seen, run: "true" }`,
      actions: {
        "octo/c@v1": {
          "action.yml": action(`
  using: composite
  steps:
    - { shell: bash, run: echo runs although the job has failed }
    - { shell: bash, run: exit 1 }
    - { shell: bash, run: echo skipped }
    - { if: failure(), shell: bash, run: echo on failure }`),
        },
      },
    });
    const lines = job.step("Run octo/c@v1").lines.filter((line) => !/^(?:##|shell:)|\[36;1m/.test(line));
    expect(lines).toEqual(["runs although the job has failed", "on failure"]);
    expect(job.step("seen").conclusion).toBe("success");
  });

  test("cancelling stops the step inside, and always() inside still runs", async () => {
    const job = await runAndRecordJob({
      job: "steps: [{ uses: octo/c@v1 }]",
      actions: {
        "octo/c@v1": {
          "action.yml": action(`
  using: composite
  steps:
    - { shell: bash, run: "echo ready; exec sleep 60" }
    - { shell: bash, run: echo skipped }
    - { if: always(), shell: bash, run: echo at last }`),
        },
      },
      onLine: (line, running) => line === "ready" && running.cancel(),
    });
    expect(job.result.conclusion).toBe("cancelled");
    expect(job.steps[1]?.conclusion).toBe("cancelled");
    expect(job.steps[1]?.lines.slice(-1)).toEqual(["at last"]);
    expect(job.steps[1]?.lines).not.toContain("skipped");
  });

  test("the step's time limit applies inside too", async () => {
    const job = await runAndRecordJob({
      job: "steps: [{ uses: octo/c@v1, timeout-minutes: 1 }]",
      timing: { minute: 200 },
      actions: {
        "octo/c@v1": {
          "action.yml": action("{ using: composite, steps: [{ shell: bash, run: exec sleep 60 }] }"),
        },
      },
    });
    expect(job.result.conclusion).toBe("failure");
    expect(job.steps[1]?.annotations).toMatchObject([{ message: "The action has timed out." }]);
  });
});
