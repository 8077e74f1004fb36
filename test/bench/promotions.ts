/**
 * What a promotion costs as the ledger grows: requests and bytes of plan, begin and commit; how long verification takes; and a
 * roll back from dispatch to done.
 *
 *     npm run node24 -- test/bench/promotions.ts [promotions before, such as 1,150,1000,3000] [--one-file]
 *
 * `--one-file`: they were made by a release that knew no parts; the first promotion afterwards, which is not measured, begins one.
 * The promotions before are entries of one that was really made, with other versions and numbers, each with its tag. Bytes are those of
 * bodies, without headers and before compression; those of the one request in git's protocol are not counted, at most some 10 KiB.
 */

import { createLongHistory } from "../../actions/promote-model/history-testing.ts";
import { assertSucceeded, type PromotionFixture } from "../../actions/promote-model/testing.ts";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { createGitHub } from "../../shared/adapters/github/client.ts";
import { verifyLedger } from "../../shared/core/promotion/verify-ledger.ts";
import { logMachine, logTiming, measureMedian } from "./benchmark.ts";

const SIZES = (process.argv[2] ?? "1,150,1000,3000").split(",").map(Number);
const VERIFICATION_GOAL_MS = 500;
const ROLL_BACK_GOAL_MS = 10_000;
const KIB = 1024;

interface Cost {
  requests: number;
  sent: number;
  received: number;
}

/** A client that counts what goes over the wire. */
const createCountingClient =
  (cost: Cost): typeof createGitHub =>
  (options) =>
    createGitHub({
      ...options,
      getOctokit: (token, { request, ...more }) =>
        options.getOctokit(token, {
          ...more,
          request: {
            fetch: async (url, init) => {
              const response = await request.fetch(url, init);
              const body = await response.clone().arrayBuffer();
              cost.sent += typeof init?.body === "string" ? Buffer.byteLength(init.body) : 0;
              cost.received += body.byteLength;
              return response;
            },
          },
        }),
    });

async function prepare(promotions: number): Promise<{ readonly fixture: PromotionFixture; readonly all: string }> {
  const { fixture, all } = await createLongHistory(promotions, !process.argv.includes("--one-file"));
  for (const version of ["v2.0.0", "v2.1.0"]) await fixture.register(version);
  await fixture.promote("v2.0.0", "staging");
  return { fixture, all };
}

async function measureSteps({ hub, dispatch, plan, begin, commit }: PromotionFixture): Promise<void> {
  const run = await dispatch("staging");
  for (const [name, step] of Object.entries({ plan, begin, commit })) {
    const cost: Cost = { requests: 0, sent: 0, received: 0 };
    const before = hub.journal.requests().length;
    const inputs = name === "plan" ? { version: "v2.1.0" } : {};
    assertSucceeded(await step(run, inputs, { createClient: createCountingClient(cost) }));
    cost.requests = hub.journal.requests().length - before;
    const [sent, received] = [cost.sent, cost.received].map((bytes) => `${(bytes / KIB).toFixed(1).padStart(9)} KiB`);
    process.stdout.write(
      `  ${name.padEnd(8)} ${String(cost.requests).padStart(3)} requests  sent ${sent}  received ${received}\n`,
    );
  }
}

async function measureRollBack({ dispatch, plan, begin, commit }: PromotionFixture): Promise<number> {
  const started = performance.now();
  const run = await dispatch("staging");
  assertSucceeded(await plan(run, { kind: "roll-back", reason: "It was worse" }));
  assertSucceeded(await begin(run));
  assertSucceeded(await commit(run));
  return performance.now() - started;
}

logMachine();
for (const promotions of SIZES) {
  const { fixture, all } = await prepare(promotions);
  await using _ = fixture.hub;
  const inFile = (await fixture.ledger()).reduce((bytes, line) => bytes + JSON.stringify(line).length + 1, 0);
  process.stdout.write(`\n${promotions} promotions, ${all.length} bytes of ledger, ${inFile} in its file\n`);
  await measureSteps(fixture);
  const verified = await measureMedian(3, async () => {
    const started = process.cpuUsage();
    verifyLedger(all, "ledger", "visits", digestOf);
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1000;
  });
  logTiming("  verification from the first entry on, processor time", verified, VERIFICATION_GOAL_MS);
  logTiming("  a roll back, dispatch to done, in this process", await measureRollBack(fixture), ROLL_BACK_GOAL_MS);
}
