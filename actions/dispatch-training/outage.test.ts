/** dispatch-training on a local GitHub that fails: a training is ordered once, followed to its end, and never given up for that. */
import { describe, expect, test } from "vitest";
import type { Play } from "../../test/fixture/play-action.ts";
import type { spec } from "./spec.ts";
import { createFixture, trainWorkflow, whenLogged } from "./testing.ts";

type Inputs = NonNullable<Play<typeof spec>["inputs"]>;
const RESET = { kind: "reset", when: "before" } as const;

async function conclusions({ hub }: Awaited<ReturnType<typeof createFixture>>): Promise<readonly unknown[]> {
  await hub.waitUntilIdle();
  return hub.runs().map((run) => run.attempts.at(-1)?.conclusion);
}

test("half an hour without any response, from just after the order on", async () => {
  await using fixture = await createFixture();
  const { faults } = fixture.hub;
  const { exitCode, log } = await fixture.dispatch(
    { onLog: whenLogged("Training commit", () => faults.always({}, RESET)) },
    { onTime: (minutes) => minutes > 30 && faults.clear() },
  );
  expect(log).toContain("Waiting: GitHub cannot be asked, and the training goes on");
  expect(exitCode).toBe(0);
  expect(await fixture.post()).toBe("");
  expect(await conclusions(fixture)).toEqual(["success"]);
});

test("half an hour without any response, from the response to the order on: the run is found, and not ordered again", async () => {
  await using fixture = await createFixture();
  const { faults } = fixture.hub;
  faults.next({ operation: "actions/create-workflow-dispatch" }, { kind: "reset", when: "after" });
  faults.next({ operation: "actions/list-workflow-runs" }, RESET, 1_000);
  const { exitCode } = await fixture.dispatch({}, { onTime: (minutes) => minutes > 30 && faults.clear() });
  expect(exitCode).toBe(0);
  expect(fixture.hub.journal.requests("actions/create-workflow-dispatch")).toHaveLength(1);
  expect(await conclusions(fixture)).toEqual(["success"]);
});

test("GitHub is away when the record is to be read: the training is not lost", async () => {
  await using fixture = await createFixture();
  const { faults } = fixture.hub;
  faults.next({ operation: "actions/list-workflow-run-artifacts" }, { kind: "status", status: 503 }, 12);
  const { exitCode, log } = await fixture.dispatch();
  expect(log).toContain("Trying again: GET /repos/octo/model/actions/runs/");
  expect(exitCode).toBe(0);
});

test("a proxy answers the download of the record with a page of its own", async () => {
  await using fixture = await createFixture();
  fixture.hub.faults.next({ operation: "actions/download-artifact" }, { kind: "html" }, 2);
  const { exitCode, log } = await fixture.dispatch();
  expect(log).toContain("Trying again: the bytes of artifact training-record");
  expect(exitCode).toBe(0);
});

test.concurrent.for([1, 2, 3, 4])("random faults of a third of all requests (seed %i)", async (seed, { expect }) => {
  await using fixture = await createFixture();
  const { faults } = fixture.hub;
  const kinds = [RESET, { kind: "reset", when: "after" }, { kind: "html" }, { kind: "truncated" }] as const;
  // From the order on: a job that fails before it has ordered anything is only re-run.
  faults.next({ operation: "actions/create-workflow-dispatch" }, kinds[seed % 2] ?? RESET);
  const start = () => {
    for (const [at, kind] of kinds.entries()) faults.chance(0.09, seed * 10 + at, {}, kind);
  };
  const { exitCode, log } = await fixture.dispatch({ onLog: whenLogged("Training commit", start) });
  expect(exitCode, log).toBe(0);
  faults.clear();
  expect(await conclusions(fixture)).toEqual(["success"]);
});

describe("a token that expires while the training runs", () => {
  const expire = async (inputs: (fresh: string) => Inputs) => {
    const fixture = await createFixture({ train: trainWorkflow({ work: "sleep 1" }) });
    const fresh = fixture.hub.tokenWith({ actions: "write", contents: "read" });
    const old = fixture.hub.tokenWith({ actions: "write", contents: "read" });
    const revoke = (): void => {
      const token = fixture.hub.world.tokens.get(old);
      if (token !== undefined) token.revoked = true;
    };
    const play = { inputs: { token: old, ...inputs(fresh) }, onLog: whenLogged("Training commit", revoke) };
    return { fixture, fresh, played: await fixture.dispatch(play) };
  };

  test("is replaced by what the token-command prints, which is never shown", async () => {
    const { fixture, fresh, played } = await expire((token) => ({ "token-command": `echo ${token}` }));
    await using _ = fixture;
    expect(played.log).toContain("GitHub refused the token; the token-command has given a new one");
    expect([played.exitCode, played.log.includes(fresh)]).toEqual([0, false]);
    expect(played.host.masked).toContain(fresh);
    expect(await conclusions(fixture)).toEqual(["success"]);
  });

  test.each([
    ["without a token-command", "", "Bad credentials"],
    ["when the token-command fails", "exit 3", "the token-command ended with exit code 3"],
    ["when the token-command prints nothing", "true", "the token-command printed nothing"],
  ])("ends the wait at its timeout, and not the training: %s", async (_, command, text) => {
    const { fixture, played } = await expire(() => ({ "token-command": command, timeout: "10m" }));
    await using _fixture = fixture;
    expect(played.log).toContain(text);
    expect([played.exitCode, played.errorCodes]).toEqual([1, ["dispatched-run-unseen"]]);
    expect(await fixture.post()).toBe("");
    expect(await conclusions(fixture)).toEqual(["success"]);
  });
});

test("six hours of waiting take at most 60 requests an hour that count for the rate limit", async () => {
  await using fixture = await createFixture({ train: trainWorkflow({ job: "runs-on: [self-hosted, gpu]" }) });
  const { hub } = fixture;
  const { exitCode } = await fixture.dispatch({ inputs: { timeout: "6h", "start-timeout": "6h" } }, { pause: 1 });
  expect(exitCode).toBe(1);
  const counted = hub.journal.requests().filter(({ status }) => status !== 304);
  expect(hub.journal.requests().length).toBeGreaterThan(700);
  expect(counted.length / 6).toBeLessThanOrEqual(60);
});
