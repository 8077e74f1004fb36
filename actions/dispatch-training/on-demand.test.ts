/** On which events dispatch-training starts something where the policy trains on demand, and with which status. */
import { expect, test } from "vitest";
import { type Play, playAction } from "../../test/fixture/play-action.ts";
import { connect } from "./connect.ts";
import { onDemand } from "./on-demand.ts";
import { run } from "./run.ts";
import type { spec as ownSpec } from "./spec.ts";
import { spec } from "./spec.ts";
import { createFixture } from "./testing.ts";

const ON_DEMAND = { ".github/mlops.yml": "version: 2\ntrain: { on-demand: {} }\n" };

async function start(files: Readonly<Record<string, string>> = ON_DEMAND) {
  const fixture = await createFixture({ files, people: { alice: "write", carol: "read" } });
  const { hub } = fixture;
  const head = await hub.as("alice").push({ branch: "next", files: { a: "a" } });
  const { number } = await hub.as("alice").openPullRequest({ head: "next" });
  const play = (event: Play<typeof ownSpec>["event"], inputs: Play<typeof ownSpec>["inputs"] = {}) =>
    playAction(spec, onDemand(run), connect, { hub, event, inputs: { workflow: "train.yml", ...inputs } });
  const comment = (login: string, body = "/train") => ({
    name: "issue_comment",
    payload: { action: "created", issue: { number, pull_request: {} }, comment: { body, user: { login } } },
  });
  const statuses = async (): Promise<readonly string[]> => {
    const { body } = await hub.request("GET /repos/{owner}/{repo}/commits/{ref}/statuses", { ref: head });
    return body.map(({ state, description }: Record<string, string>) => `${state}: ${description}`);
  };
  const close = () => fixture[Symbol.asyncDispose]();
  return { hub, head, number, play, comment, statuses, [Symbol.asyncDispose]: close };
}

test("a comment of somebody who may write trains the head, and says that it does", async () => {
  await using started = await start();
  const { hub, head, play, comment, statuses } = started;
  const { exitCode, outputs, log } = await play(comment("alice"));
  expect([exitCode, outputs.outcome, outputs.commit]).toEqual([0, "success", head]);
  expect(log).toContain("alice asked to train pull request #1");
  expect(hub.runs().map((training) => training.displayTitle)).toEqual([expect.stringContaining(`train ${head} `)]);
  expect(await statuses()).toEqual(["pending: training, as alice asked by comment"]);
});

test("of several models, each waits by a commit status of its own", async () => {
  const policy = "version: 2\ntrain: { on-demand: {} }\nmodels: { visits: { files: [v] }, fraud: { files: [f] } }\n";
  await using started = await start({ ".github/mlops.yml": policy });
  const { hub, head, play, comment } = started;
  expect((await play(comment("alice"), { model: "fraud" })).outputs.outcome).toBe("success");
  const { body } = await hub.request("GET /repos/{owner}/{repo}/commits/{ref}/statuses", { ref: head });
  expect(body.map(({ context }: { readonly context: string }) => context)).toEqual(["mlops/gate (fraud)"]);
  expect((await play(comment("alice"))).errorCodes).toEqual(["model-not-named"]);
});

test("asked twice, a head is trained once: while the other run goes on, and not when that has ended", async () => {
  await using started = await start({
    ...ON_DEMAND,
    ".github/workflows/other.yml": 'on: workflow_dispatch\njobs: { a: { runs-on: [gpu], steps: [{ run: "true" }] } }\n',
  });
  const { hub, head, play, comment } = started;
  const other = await hub.dispatch("other.yml");
  const training = {
    sha: head,
    state: "pending",
    context: "mlops/gate",
    description: "training, as bob asked by label",
  };
  const target_url = `${hub.url}/octo/model/actions/runs/${other.id}`;
  await hub.request("POST /repos/{owner}/{repo}/statuses/{sha}", { ...training, target_url });
  const trainings = () => hub.runs({ workflow: "train.yml" }).length;
  const second = await play(comment("alice"));
  expect([second.outputs.outcome, trainings()]).toEqual(["waiting", 0]);
  expect(second.log).toContain(`${head} is being trained already`);
  hub.cancel(other);
  await hub.waitUntilIdle();
  expect((await play(comment("alice"))).outputs.outcome).toBe("success");
  expect(trainings()).toBe(1);
});

test("a comment of anybody else starts nothing, changes nothing, and is no failure", async () => {
  await using started = await start();
  const { hub, play, comment, statuses } = started;
  for (const login of ["carol", "nobody"]) {
    const { exitCode, outputs, log } = await play(comment(login));
    expect([exitCode, outputs.outcome, outputs.commit]).toEqual([0, "waiting", ""]);
    expect(log).toContain(`${login} asked to train pull request #1: starting a training takes the permission "write"`);
  }
  expect([hub.runs(), await statuses()]).toEqual([[], []]);
});

test("a training that cannot be started ends the wait with an error", async () => {
  await using started = await start();
  const { play, comment, statuses } = started;
  const { errorCodes } = await play(comment("alice"), { workflow: "trian.yml" });
  expect(errorCodes).toEqual(["workflow-missing"]);
  expect((await statuses())[0]).toMatch(/^error: not trained: there is no workflow trian\.yml/);
});

test("a new head waits once, and a verdict about the same commit stays", async () => {
  await using started = await start();
  const { hub, head, number, play, statuses } = started;
  const opened = {
    name: "pull_request_target",
    payload: { action: "opened", pull_request: { number, head: { sha: head } }, sender: { login: "alice" } },
  };
  for (const _ of ["opened", "again"]) expect((await play(opened)).outputs.outcome).toBe("waiting");
  expect(await statuses()).toEqual(["pending: waiting for /train"]);
  await hub.request("POST /repos/{owner}/{repo}/statuses/{sha}", {
    sha: head,
    state: "success",
    context: "mlops/gate",
  });
  await play(opened);
  expect((await statuses())[0]).toMatch(/^success/);
});

test.each<[string, Readonly<Record<string, string>>, string, string]>([
  ["a pull request's own workflow, where trainings are on demand", ON_DEMAND, "pull_request", "on-demand-event"],
  ["a comment, where they are not", {}, "issue_comment", "on-demand-missing"],
  [
    "a policy that is broken",
    { ".github/mlops.yml": "version: 2\ntrain: { on-demand: { word: x } }\n" },
    "issue_comment",
    "policy-unknown-key",
  ],
  [
    "a policy that names a team",
    { ".github/mlops.yml": "version: 2\ntrain: { on-demand: { people: [octo/ml] } }\n" },
    "issue_comment",
    "policy-not-supported-yet",
  ],
])("nothing is started by %s", async (_, files, name, code) => {
  await using started = await start(files);
  const { hub, head, number, play, comment } = started;
  const repo = { id: 1 };
  const payload =
    name === "issue_comment"
      ? comment("alice").payload
      : { repository: repo, pull_request: { number, head: { sha: head, repo } } };
  const { exitCode, errorCodes } = await play({ name, payload });
  expect([exitCode, hub.runs().length]).toEqual([1, 0]);
  expect(errorCodes).toEqual([code]);
});
