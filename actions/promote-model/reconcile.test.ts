/** What somebody has changed by hand, or a dead run has left, is named with its place and its cure. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestClient } from "../../shared/adapters/github/testing.ts";
import { createFixture, type PromotionFixture, VISITS } from "./testing.ts";

const DAY = 86_400_000;
let fixture: PromotionFixture;
beforeAll(async () => {
  fixture = await createFixture({ ...VISITS, preventSelfReview: true });
  for (const version of ["v1.0.0", "v1.1.0"]) {
    await fixture.register(version);
    await fixture.promote(version, "staging");
    await fixture.promote(version, "production");
  }
  fixture.hub.clock.advance(2 * DAY);
});
afterAll(() => fixture.hub.close());

const client = () => createTestClient(fixture.hub);
const refOf = async (name: string) => (await fixture.hub.repository.git.ref(`refs/${name}`))?.sha ?? "";
const create = (name: string, sha: string) =>
  client().rest.git.createRef({ ...client().repository, ref: `refs/${name}`, sha });
const remove = (name: string) => client().rest.git.deleteRef({ ...client().repository, ref: name });
const move = (name: string, sha: string) =>
  client().rest.git.updateRef({ ...client().repository, ref: name, sha, force: true });

/** Ours, of a version in an environment, the newest first. */
const deploymentOf = (version: string, environment: string) =>
  [...fixture.hub.repository.deployments.values()]
    .toReversed()
    .find((one) => one.environment === environment && JSON.stringify(one.payload).includes(version)) ??
  expect.fail(`no deployment of ${version} to ${environment}`);
const setState = (id: number, state: "success" | "failure" | "inactive") =>
  client().rest.repos.createDeploymentStatus({
    ...client().repository,
    ...{ deployment_id: id, state, auto_inactive: false },
  });
const deploy = (payload: object) =>
  client().rest.repos.createDeployment({
    ...client().repository,
    ...{ ref: "main", environment: "staging", task: "mlops:promote", auto_merge: false, required_contexts: [] },
    payload: { ...payload },
  });

/** As the fixture has it, but for the change. */
async function protect(name: string, change: { reviewers?: []; prevent_self_review?: boolean } = {}): Promise<void> {
  const { rest, repository } = client();
  const reviewers: { type: "User"; id: number }[] = [];
  for (const username of ["alice", "bob", "carol"]) {
    const { data } = await rest.users.getByUsername({ username });
    reviewers.push({ type: "User", id: data.id });
  }
  const settings = { reviewers, prevent_self_review: true, ...change };
  await rest.repos.createOrUpdateEnvironment({ ...repository, environment_name: name, ...settings });
}

test("what agrees is consistent, and the summary says what runs where, and since when", async () => {
  const before = fixture.hub.journal.effects().length;
  const { exitCode, outputs, summary } = await fixture.reconcile();
  expect([exitCode, outputs.result]).toEqual([0, "consistent"]);
  expect(summary).toContain("✅ Ledger, tags, deployments and environments agree");
  expect(summary).toContain("The ledger of `visits` is valid: 8 entries");
  expect(summary).toMatch(
    /\| `production` \| `v1\.1\.0` \| `[0-9a-f]{12}` \| `[0-9a-f]{12}` \| [^|]+ \| \*\*now\*\* \|/,
  );
  expect(fixture.hub.journal.effects()).toHaveLength(before);
});

interface Damage {
  readonly code: string;
  readonly severity: "error" | "warning";
  /** Of the fix, or of the message. */
  readonly says: RegExp;
  /** @returns how it is undone */
  readonly damage: () => Promise<() => Promise<unknown>>;
}

const DAMAGES: Readonly<Record<string, Damage>> = {
  "an assignment tag was deleted": {
    ...{ code: "assignment-tag-missing", severity: "error" },
    says: /git push origin [0-9a-f]{40}:refs\/tags\/visits#staging#2/,
    async damage() {
      const sha = await refOf("tags/visits#staging#2");
      await remove("tags/visits#staging#2");
      return () => create("tags/visits#staging#2", sha);
    },
  },
  "an assignment tag was moved": {
    ...{ code: "assignment-tag-moved", severity: "error" },
    says: /visits#production#1/,
    async damage() {
      const sha = await refOf("tags/visits#production#1");
      await move("tags/visits#production#1", await refOf("tags/visits#production#2"));
      return () => move("tags/visits#production#1", sha);
    },
  },
  "an assignment tag was made by hand": {
    ...{ code: "assignment-not-in-ledger", severity: "error" },
    says: /visits#production#9/,
    async damage() {
      await create("tags/visits#production#9", await refOf("tags/visits#production#2"));
      return () => remove("tags/visits#production#9");
    },
  },
  "a lightweight tag looks like a version": {
    ...{ code: "tag-not-annotated", severity: "warning" },
    says: /visits@v999\.0\.0/,
    async damage() {
      await create("tags/visits@v999.0.0", await refOf("heads/main"));
      return () => remove("tags/visits@v999.0.0");
    },
  },
  "the tag of a current version was deleted": {
    ...{ code: "version-tag-missing", severity: "error" },
    says: /git push origin refs\/tags\/visits@v1\.1\.0/,
    async damage() {
      const sha = await refOf("tags/visits@v1.1.0");
      await remove("tags/visits@v1.1.0");
      return () => create("tags/visits@v1.1.0", sha);
    },
  },
  "the tag of a current version was moved": {
    ...{ code: "version-tag-changed", severity: "error" },
    says: /not the one that was promoted/,
    async damage() {
      const sha = await refOf("tags/visits@v1.1.0");
      await move("tags/visits@v1.1.0", await refOf("tags/visits@v1.0.0"));
      return () => move("tags/visits@v1.1.0", sha);
    },
  },
  "a current version was withdrawn": {
    ...{ code: "version-withdrawn", severity: "error" },
    says: /Roll production back/,
    async damage() {
      await create("tags/visits@v1.1.0!", await refOf("tags/visits@v1.1.0"));
      return () => remove("tags/visits@v1.1.0!");
    },
  },
  "the end of the ledger was deleted": {
    ...{ code: "assignment-not-in-ledger", severity: "error" },
    says: /Restore the branch mlops-ledger\/visits/,
    async damage() {
      const head = await refOf("heads/mlops-ledger/visits");
      await move("heads/mlops-ledger/visits", (await fixture.hub.repository.git.resolve(`${head}~2`)) ?? "");
      return () => move("heads/mlops-ledger/visits", head);
    },
  },
  "a line of the ledger was changed": {
    ...{ code: "ledger-broken", severity: "error" },
    says: /repair/,
    async damage() {
      const head = await refOf("heads/mlops-ledger/visits");
      const files = { "ledger.jsonl": "{}\n" };
      await fixture.hub.push({ branch: "mlops-ledger/visits", files });
      return () => move("heads/mlops-ledger/visits", head);
    },
  },
  "a ledger is that of no model": {
    ...{ code: "ledger-without-model", severity: "warning" },
    says: /mlops-ledger\/old=2Fname/,
    async damage() {
      await create("heads/mlops-ledger/old=2Fname", await refOf("heads/mlops-ledger/visits"));
      return () => remove("heads/mlops-ledger/old=2Fname");
    },
  },
  "the deployment of a current version failed afterwards": {
    ...{ code: "deployment-state-differs", severity: "error" },
    says: /shows its deployment \d+ as failure.*deployments\/\d+\/statuses -f state=success -F auto_inactive=false/,
    async damage() {
      const { id } = deploymentOf("v1.1.0", "production");
      await setState(id, "failure");
      return () => setState(id, "success");
    },
  },
  "the deployment of a current version became inactive, because something else was deployed there": {
    ...{ code: "deployment-inactive", severity: "warning" },
    says: /something else was deployed to staging since/,
    async damage() {
      const { id } = deploymentOf("v1.1.0", "staging");
      await setState(id, "inactive");
      return () => setState(id, "success");
    },
  },
  "the deployment of a current version was deleted": {
    ...{ code: "deployment-missing", severity: "error" },
    says: /Re-run the job of run \d+/,
    async damage() {
      const deployment = deploymentOf("v1.1.0", "staging");
      fixture.hub.repository.deployments.delete(deployment.id);
      return async () => fixture.hub.repository.deployments.set(deployment.id, deployment);
    },
  },
  "the deployment of a replaced version became active": {
    ...{ code: "deployment-still-active", severity: "warning" },
    says: /gh api -X POST .*deployments\/\d+\/statuses -f state=inactive/,
    async damage() {
      const { id } = deploymentOf("v1.0.0", "staging");
      await setState(id, "success");
      return () => setState(id, "inactive");
    },
  },
  "an environment has no reviewers any more": {
    ...{ code: "environment-without-reviewers", severity: "error" },
    says: /production/,
    async damage() {
      await protect("production", { reviewers: [], prevent_self_review: false });
      return () => protect("production");
    },
  },
  "GitHub lets whoever starts a promotion approve it": {
    ...{ code: "environment-self-review", severity: "warning" },
    says: /Set "Prevent self-review"/,
    async damage() {
      await protect("production", { prevent_self_review: false });
      return () => protect("production");
    },
  },
};

describe("drift is named, and gone when it is undone:", () => {
  test.each(Object.entries(DAMAGES))("%s", async (_, { code, severity, says, damage }) => {
    const undo = await damage();
    const { exitCode, outputs, log, summary, errorCodes } = await fixture.reconcile();
    await undo();
    expect([exitCode, outputs.result]).toEqual([severity === "error" ? 1 : 0, "drifted"]);
    expect(severity === "error" ? errorCodes : [code]).toContain(code);
    expect(log).toContain(`[${code}]`);
    expect(log).toMatch(says);
    expect(summary).toMatch(severity === "error" ? /^### ❌ Drift: \d+ error/ : /^### ⚠️ Drift: 1 warning/);
    expect((await fixture.reconcile()).outputs.result).toBe("consistent");
  });
});

test("a deployment that the ledger does not know is named once it cannot be a promotion that begins", async () => {
  const payload = { plan: `sha256:${"1".repeat(64)}`, model: "visits", version: "v9.9.9" };
  const { data } = await deploy(payload);
  const id = "id" in data ? data.id : 0;
  await setState(id, "success");
  expect((await fixture.reconcile()).outputs.result).toBe("consistent");
  fixture.hub.clock.advance(2 * 60 * 60_000);
  expect((await fixture.reconcile()).errorCodes).toEqual(["deployment-not-in-ledger"]);
  await setState(id, "inactive");
  expect((await fixture.reconcile()).outputs.result).toBe("consistent");
});

test("what is no payload of ours is none of our deployments", async () => {
  for (const payload of [
    { plan: 1, model: "visits" },
    { model: ["visits"], plan: "x", version: {} },
  ])
    await deploy(payload);
  fixture.hub.clock.advance(DAY);
  expect((await fixture.reconcile()).outputs.result).toBe("consistent");
});

test("a promotion that is under way is no drift, and one of a dead run is a warning that says what will become of it", async () => {
  await fixture.register("v1.2.0");
  const run = await fixture.dispatch("staging");
  await fixture.plan(run, { version: "v1.2.0" });
  const begun = await fixture.begin(run);
  expect((await fixture.reconcile()).outputs.result).toBe("consistent");
  fixture.hub.clock.advance(5 * 60_000);
  const { exitCode, log, outputs } = await fixture.reconcile();
  expect([exitCode, outputs.result, log]).toEqual([0, "drifted", expect.any(String)]);
  expect(log).toMatch(/\[intent-unfinished\]/);
  expect(log).toContain("will be aborted, because it has no tag");
  await fixture.end(begun);
  expect((await fixture.reconcile()).outputs.result).toBe("consistent");
});

test("what its run may still write is looked at the next time", async () => {
  const run = await fixture.dispatch("staging");
  await fixture.plan(run, { version: "v1.2.0" });
  await fixture.apply(run);
  const { id } = deploymentOf("v1.2.0", "staging");
  await setState(id, "failure");
  expect((await fixture.reconcile()).outputs.result).toBe("consistent");
  fixture.hub.clock.advance(5 * 60_000);
  expect((await fixture.reconcile()).errorCodes).toEqual(["deployment-state-differs"]);
  await setState(id, "success");
  expect((await fixture.reconcile()).outputs.result).toBe("consistent");
});

test("it costs as many requests as there are environments and their deployments, not as there was history", async () => {
  const before = fixture.hub.journal.requests().length;
  await fixture.reconcile();
  const asked = fixture.hub.journal.requests().slice(before);
  console.info(`reconcile: ${asked.length}\n  ${asked.map(({ operation }) => operation).join("\n  ")}`);
  expect(asked.length).toBeLessThanOrEqual(20);
});

test("a GitHub that does not answer is an error, and not that all is well", async () => {
  fixture.hub.faults.always({ operation: "repos/list-deployments" }, { kind: "status", status: 403 });
  const { exitCode, outputs } = await fixture.reconcile();
  fixture.hub.faults.clear();
  expect([exitCode, outputs.result]).toEqual([1, "error"]);
});

test("after a repair, what was restated is no drift", async () => {
  await fixture.hub.push({ branch: "mlops-ledger/visits", files: { "ledger.jsonl": "{}\n" } });
  fixture.hub.clock.advance(5 * 60_000);
  for (const environment of ["staging", "production"]) {
    expect((await fixture.reconcile()).outputs.result).toBe("drifted");
    const run = await fixture.dispatch(environment);
    const plan = { kind: "repair", reason: "somebody edited the ledger", challenge: "true" };
    const { outputs } = await fixture.plan(run, plan);
    if (environment === "production") await fixture.hub.as("bob").approve(run, environment, outputs.challenge);
    await fixture.apply(run);
  }
  const { log, errorCodes } = await fixture.reconcile();
  expect([errorCodes, log]).toEqual([["environment-not-repaired"], expect.stringContaining('kind: repair" for vault')]);
});
