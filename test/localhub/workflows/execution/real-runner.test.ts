/** The service with the real runner, which runs processes: tests that need both. */
import { expect, test, vi } from "vitest";
import { protectEnvironment } from "../../operations/deployments/environments.ts";
import { createRunner } from "../../runner/create-runner.ts";
import type { WorkflowRun } from "../../world/repository.ts";
import { jobNamed, jobResults, logText, runState, startTestActions } from "../starting/testing.ts";

const startJob = createRunner();

test("outputs, annotations, summaries and logs reach the records; needs and matrix get real values", async () => {
  await using hub = await startTestActions({ startJob });
  const [run] = await hub.push({
    ".github/workflows/ci.yml": `
on: push
env: { WHO: workflow }
defaults: { run: { shell: bash } }
jobs:
  plan:
    runs-on: ubuntu-latest
    outputs: { sizes: "\${{ steps.plan.outputs.sizes }}" }
    steps:
      - id: plan
        run: |
          echo 'sizes=[1, 2]' >> "$GITHUB_OUTPUT"
          echo "## Plan by $WHO" >> "$GITHUB_STEP_SUMMARY"
          echo '::warning file=a.py,line=3,title=Slow::It takes a while'
  build:
    needs: plan
    strategy: { matrix: { size: "\${{ fromJSON(needs.plan.outputs.sizes) }}" } }
    runs-on: ubuntu-latest
    env: { WHO: job }
    steps:
      - run: echo "size \${{ matrix.size }} by $WHO on $GITHUB_REF_NAME"
`,
  });
  expect(jobResults(run)).toEqual({ plan: "success", "build (1)": "success", "build (2)": "success" });
  const plan = jobNamed(run, "plan");
  expect(plan.steps.map((step) => [step.number, step.name.split("\n")[0], step.conclusion])).toEqual([
    [1, "Set up job", "success"],
    [2, expect.stringMatching(/^Run /), "success"],
    [3, "Complete job", "success"],
  ]);
  expect(plan.steps[1]?.summary).toBe("## Plan by workflow\n");
  expect(plan.checkRun.annotations).toEqual([
    expect.objectContaining({
      path: "a.py",
      startLine: 3,
      level: "warning",
      title: "Slow",
      message: "It takes a while",
    }),
  ]);
  expect(logText(jobNamed(run, "build (2)"))).toContain("size 2 by job on main");
});

test("secrets of an environment reach the job after its approval, and are in no log", async () => {
  await using hub = await startTestActions({ startJob });
  const environment = protectEnvironment(hub.world, hub.repository, "production", {
    reviewers: [hub.as("bob").actor],
  });
  environment.secrets.set("KEY", "hunter2-hunter2");
  const [run] = await hub.push({
    ".github/workflows/deploy.yml": `
on: push
jobs:
  deploy:
    environment: { name: production, url: "https://\${{ steps.where.outputs.host }}" }
    runs-on: ubuntu-latest
    steps:
      - id: where
        env: { KEY: "\${{ secrets.KEY }}" }
        run: |
          echo "the key $KEY has \${#KEY} characters"
          echo host=model.example >> "$GITHUB_OUTPUT"
`,
  });
  expect(runState(run)).toBe("waiting");
  const decision = { state: "approved", comment: "" } as const;
  await hub.runsStartedBy(() =>
    hub.service.reviewDeployments(run as WorkflowRun, [environment.id], decision, hub.as("bob")),
  );
  expect(runState(run)).toBe("success");
  expect(logText(jobNamed(run, "deploy"))).toContain("the key *** has 15 characters");
  expect(logText(jobNamed(run, "deploy"))).not.toContain("hunter2");
  const [deployment] = hub.repository.deployments.values();
  expect(deployment?.statuses.at(-1)).toMatchObject({ state: "success", environmentUrl: "https://model.example" });
});

test("a cancelled run interrupts the process, and its always() steps still run", async () => {
  await using hub = await startTestActions({ startJob });
  const pushed = hub.push({
    ".github/workflows/train.yml": `
on: push
jobs:
  train:
    runs-on: ubuntu-latest
    steps:
      - run: |
          trap 'echo saved a checkpoint; exit 130' INT
          echo training
          while :; do sleep 0.05; done
      - if: always()
        run: echo cleaned up
`,
  });
  const log = (): string => [...hub.repository.actions.jobs.values()].map(logText).join("\n");
  await vi.waitFor(() => expect(log().split("\n")).toContain("training"), { timeout: 25_000 });
  const [run] = hub.repository.actions.runs.values();
  hub.service.cancel(run as WorkflowRun, hub.as("alice"));
  await pushed;
  expect(runState(run)).toBe("cancelled");
  expect(log()).toContain("saved a checkpoint");
  expect(log()).toContain("cleaned up");
});
