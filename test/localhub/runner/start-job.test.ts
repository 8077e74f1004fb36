import { expect, test } from "vitest";
import { recordJob } from "./testing/record-job.ts";

test("a job goes from set up to complete, and its outputs come out", async () => {
  const job = await recordJob({
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
