/** What dispatch-training says a training on a local GitHub waits for: by job, and as far as its token may know. */
import { expect, test } from "vitest";
import { createFixture, trainWorkflow } from "./testing.ts";

const ON_GPU = "runs-on: [self-hosted, gpu]";
/** A hosted job in front of the one that trains. */
const PLANNED = trainWorkflow({ job: `needs: plan\n    ${ON_GPU}` }).replace(
  "jobs:\n",
  'jobs:\n  plan: { runs-on: ubuntu-latest, steps: [{ run: "true" }] }\n',
);
const inputs = { "start-timeout": "20m" };

test("the second job finds no runner: told within a minute, and cancelled when that job has waited its time", async () => {
  await using fixture = await createFixture({ train: PLANNED });
  let now = 0;
  let planned: number | undefined;
  let told: number | undefined;
  const onLog = (text: string): void => {
    if (text.includes('job "train" waits for a runner')) told ??= now;
  };
  const onTime = (minutes: number): void => {
    const [plan] = fixture.hub.runs()[0]?.attempts[0]?.jobs ?? [];
    if (plan?.status === "completed") planned ??= now;
    now = minutes;
  };
  const { log, outputs } = await fixture.dispatch({ inputs, onLog }, { onTime, pause: 60 });
  expect(outputs.outcome).toBe("timed-out");
  expect(log).toMatch(/after 20 min .*job "train" waits for a runner with the labels self-hosted, gpu/);
  expect((told ?? Number.POSITIVE_INFINITY) - (planned ?? 0)).toBeLessThanOrEqual(1.01);
});

test.each([
  ["no runner at all", [], "no runner registered in this repository has them"],
  ["another kind of runner", [{ name: "cpu-1", labels: ["cpu"] }], "no runner registered in this repository has them"],
  [
    "one that is off",
    [{ name: "gpu-1", labels: ["gpu"], status: "offline" }],
    'all runners that have them are offline: "gpu-1"',
  ],
] as const)("a token that may list runners knows of %s", async (_, runners, text) => {
  await using fixture = await createFixture({ train: trainWorkflow({ job: ON_GPU }), runners });
  const { log } = await fixture.dispatch({ inputs: { ...inputs, token: fixture.hub.token } });
  expect(log).toContain(text);
});

test("a runner that is busy with another run, and one job that has it to itself", async () => {
  const other = trainWorkflow({ job: ON_GPU, work: "exec sleep 60" });
  await using fixture = await createFixture({
    train: trainWorkflow({ job: ON_GPU }),
    runners: [{ name: "gpu-1", labels: ["gpu"] }],
    files: { ".github/workflows/other.yml": other },
  });
  const { hub } = fixture;
  const first = await hub.dispatch("other.yml", { inputs: { commit: fixture.commit } });
  const { log } = await fixture.dispatch({ inputs: { ...inputs, token: hub.token } });
  expect(log).toContain('all online runners that have them are busy: "gpu-1"');
  hub.cancel(first);
  await hub.waitUntilIdle();
});

test.each(["", "    "])("a concurrency group (of the %s) names the runs before it", async (indent) => {
  const group = `${indent}concurrency: { group: the gpu, queue: max }`;
  const grouped = (work: string): string => {
    const workflow = trainWorkflow({ work });
    return indent === ""
      ? workflow.replace("jobs:", `${group}\njobs:`)
      : workflow.replace("    runs-on", `${group}\n    runs-on`);
  };
  await using fixture = await createFixture({
    train: grouped("true"),
    files: { ".github/workflows/other.yml": grouped("exec sleep 60").replace("run-name: train", "run-name: other") },
  });
  const { hub } = fixture;
  const first = await hub.dispatch("other.yml", { inputs: { commit: fixture.commit } });
  const { log } = await fixture.dispatch({ inputs });
  expect(log).toContain(
    `it waits for the concurrency group "the gpu": run ${first.id} ("other ${fixture.commit}") is before it`,
  );
  hub.cancel(first);
  await hub.waitUntilIdle();
});

test("an Enterprise Server without the API of concurrency groups is asked for them once", async () => {
  const grouped = (work: string): string =>
    trainWorkflow({ work }).replace("jobs:", "concurrency: { group: gpu }\njobs:");
  await using fixture = await createFixture({
    profile: "ghes-3.19",
    train: grouped("true"),
    files: { ".github/workflows/other.yml": grouped("exec sleep 60") },
  });
  const { hub } = fixture;
  const first = await hub.dispatch("other.yml", { inputs: { commit: fixture.commit } });
  const { log } = await fixture.dispatch({ inputs });
  expect(log).toContain("it waits for its concurrency group: another run is before it");
  expect(hub.journal.requests().filter(({ path }) => path.endsWith("/concurrency_groups")).length).toBeLessThanOrEqual(
    2,
  );
  hub.cancel(first);
  await hub.waitUntilIdle();
});
