/** train-model in a job of the local GitHub, whose runner interrupts, terminates and kills as GitHub's does. */
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLocalGitHub } from "@mlops-actions/localhub";
import { expect, test, vi } from "vitest";
import { downloadTrainingRecord } from "../../shared/adapters/dispatch/testing.ts";

/** Without bundles: Node 24 runs TypeScript. */
const entry = (file: string): string => `import(${JSON.stringify(new URL(file, import.meta.url).href)});\n`;

test("a cancelled job uploads a record at once, and still lets the training save for as long as it needs", async () => {
  const outside = mkdtempSync(join(tmpdir(), "train-model-job-"));
  const workflow = `
on: workflow_dispatch
jobs:
  train:
    runs-on: [self-hosted, gpu]
    steps:
      - uses: actions/checkout@v7
      - uses: ./actions/train-model
        env: { CHECKPOINT: "${outside}/checkpoint.txt", READY: "${outside}/ready.txt" }
        with:
          command: |
            trap 'sleep 2; echo saved > "$CHECKPOINT"; exit 0' TERM
            echo > "$READY"
            while true; do sleep 0.05; done
          metrics: metrics.json
      - if: always()
        uses: actions/upload-artifact@v7
        with: { name: training-record, path: training-record.json }
`;
  await using github = await startLocalGitHub({
    runners: [{ name: "gpu-1", labels: ["gpu"] }],
    files: {
      ".github/workflows/train.yml": workflow,
      "actions/train-model/action.yml": readFileSync(new URL("action.yml", import.meta.url), "utf8"),
      "actions/train-model/dist/index.js": entry("main.ts"),
      "actions/train-model/dist/post/index.js": entry("post.ts"),
    },
  });
  const run = await github.dispatch("train.yml");
  await vi.waitFor(() => expect(existsSync(join(outside, "ready.txt"))).toBe(true), { timeout: 20_000, interval: 50 });
  github.cancel(run);
  await github.waitUntilIdle();

  expect(run.attempts.at(-1)?.conclusion).toBe("cancelled");
  expect(readFileSync(join(outside, "checkpoint.txt"), "utf8")).toBe("saved\n");
  const log = github.log(run);
  expect(log).toContain("it received the stop signal, and the post step waits for it");
  expect(log).toContain("The training has ended by itself");
  expect(log).not.toContain("Terminate orphan process");
  expect(await downloadTrainingRecord(github, run.id)).toMatchObject({
    outcome: "cancelled",
    model: null,
    origin: { run: run.id },
  });
});
