/** Between begin and commit the job deploys: nothing says "deployed" before it is, and nothing stays open when the job has ended. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { createGitHub } from "../../shared/adapters/github/client.ts";
import { assertSucceeded, createFixture, type PromotionFixture, type PromotionRun } from "./testing.ts";

let fixture: PromotionFixture;
let run: PromotionRun;
beforeEach(async () => {
  fixture = await createFixture();
  for (const version of ["v1.0.0", "v1.1.0"]) await fixture.register(version);
  run = await fixture.dispatch("staging");
});
afterEach(() => fixture.hub.close());

const planAndBegin = async (version: string) => {
  assertSucceeded(await fixture.plan(run, { version }));
  return assertSucceeded(await fixture.begin(run));
};
const entries = async () => (await fixture.ledger()).map(({ type }) => type);
/** Of ours, the oldest first; of each the statuses, the oldest first. */
const deployments = () =>
  [...fixture.hub.repository.deployments.values()]
    .filter(({ task }) => task === "mlops:promote")
    .map(({ statuses }) => statuses.map(({ state }) => state));

test("begin says what to deploy and that it is in progress; commit says that it is done", async () => {
  const begun = await planAndBegin("v1.0.0");
  expect(begun.outputs).toMatchObject({ result: "begun", version: "v1.0.0", tag: "" });
  expect([await entries(), await fixture.tags(), deployments()]).toEqual([["intent"], [], [["in_progress"]]]);

  const { outputs, summary } = assertSucceeded(await fixture.commit(run));
  expect(outputs).toMatchObject({ result: "promoted", version: "v1.0.0", tag: "visits#staging#1" });
  expect(summary).toContain("Promoted `visits` `v1.0.0` to `staging`");
  expect([await entries(), deployments()]).toEqual([["intent", "committed"], [["in_progress", "success"]]]);

  // What was committed stays, whatever failed after it.
  expect((await fixture.end(begun)).exitCode).toBe(0);
  expect([await entries(), deployments()]).toEqual([["intent", "committed"], [["in_progress", "success"]]]);
});

test("a job that ends before it commits has failed to deploy, and its plan cannot be used again", async () => {
  await planAndBegin("v1.0.0");
  assertSucceeded(await fixture.commit(run));
  const begun = await planAndBegin("v1.1.0");
  const ended = await fixture.end(begun);
  expect([ended.exitCode, ended.log]).toEqual([0, expect.stringContaining("[promotion-abandoned]")]);
  expect((await entries()).slice(2)).toEqual(["intent", "aborted"]);
  expect(deployments()).toEqual([
    ["in_progress", "success"],
    ["in_progress", "failure"],
  ]);
  for (const step of [fixture.commit, fixture.begin])
    expect((await step(run, {}, { attempt: 2 })).errorCodes).toEqual(["promotion-aborted"]);
  // A second post step, of a job that was run again, finds nothing to do.
  const writes = fixture.hub.journal.effects().length;
  await fixture.end(begun);
  expect(fixture.hub.journal.effects()).toHaveLength(writes);
});

test("the version before is inactive, also in an environment that GitHub calls production", async () => {
  await planAndBegin("v1.0.0");
  assertSucceeded(await fixture.commit(run));
  for (const deployment of fixture.hub.repository.deployments.values()) Object.assign(deployment, { production: true });
  await planAndBegin("v1.1.0");
  assertSucceeded(await fixture.commit(run));
  expect(deployments()).toEqual([
    ["in_progress", "success", "inactive"],
    ["in_progress", "success"],
  ]);
});

test("what was not begun cannot be committed", async () => {
  assertSucceeded(await fixture.plan(run, { version: "v1.0.0" }));
  const { exitCode, errorCodes } = await fixture.commit(run);
  expect([exitCode, errorCodes, await entries()]).toEqual([2, ["promotion-not-begun"], []]);
});

test("a token without the permission to deploy leaves nothing, and the version can still be promoted", async () => {
  assertSucceeded(await fixture.plan(run, { version: "v1.0.0" }));
  const token = fixture.hub.tokenWith({ contents: "write", actions: "read", deployments: "read" });
  for (const step of [fixture.begin, fixture.apply])
    expect((await step(run, { token })).errorCodes).toEqual(["permission-missing"]);
  expect([await entries(), await fixture.tags(), deployments()]).toEqual([[], [], []]);
  assertSucceeded(await fixture.begin(run));
  assertSucceeded(await fixture.commit(run));
});

test("a token that may not write the ledger leaves a deployment that has failed", async () => {
  assertSucceeded(await fixture.plan(run, { version: "v1.0.0" }));
  const token = fixture.hub.tokenWith({ contents: "read", actions: "read", deployments: "write" });
  expect((await fixture.begin(run, { token })).errorCodes).toEqual(["permission-missing"]);
  expect([await entries(), deployments()]).toEqual([[], [["in_progress", "failure"]]]);
});

test("begun, killed and run again: it goes on, with the approvals that it had", async () => {
  const begun = await planAndBegin("v1.0.0");
  const again = assertSucceeded(await fixture.begin(run, {}, { attempt: 2 }));
  expect(again.outputs).toEqual(begun.outputs);
  expect(await entries()).toEqual(["intent"]);
  assertSucceeded(await fixture.commit(run, {}, { attempt: 2 }));
});

test("what is deployed already is said by begin, so that nothing is deployed again", async () => {
  await planAndBegin("v1.0.0");
  assertSucceeded(await fixture.commit(run));
  const again = assertSucceeded(await fixture.begin(run, {}, { attempt: 2 }));
  expect([again.outputs.result, again.log]).toEqual(["promoted", expect.stringContaining("carried out before")]);
});

test("begun and never ended: the next plan says so until the run has ended, the next begin aborts it", async () => {
  const other = await fixture.dispatch("staging");
  await planAndBegin("v1.0.0");
  const early = await fixture.plan(other, { version: "v1.1.0" });
  expect(early.errorCodes).toEqual(["promotion-under-way"]);
  fixture.hub.clock.advance(5 * 60_000);
  run = other;
  await planAndBegin("v1.1.0");
  expect(await entries()).toEqual(["intent", "aborted", "intent"]);
  expect(deployments()).toEqual([["in_progress", "failure"], ["in_progress"]]);
});

test("a step that was killed in its first write has its deployment failed by the post step", async () => {
  assertSucceeded(await fixture.plan(run, { version: "v1.0.0" }));
  const dying: typeof createGitHub = (options) =>
    createGitHub({
      ...options,
      getOctokit: (token, { request, ...more }) =>
        options.getOctokit(token, {
          ...more,
          request: {
            fetch: (url, init) => {
              if (init?.method === "POST" && String(url).includes("/git/")) throw new Error("killed");
              return request.fetch(url, init);
            },
          },
        }),
    });
  const begun = await fixture.begin(run, {}, { createClient: dying });
  expect([begun.exitCode > 0, deployments()]).toEqual([true, [["in_progress"]]]);
  await fixture.end(begun);
  expect([await entries(), deployments()]).toEqual([[], [["in_progress", "failure"]]]);
});
