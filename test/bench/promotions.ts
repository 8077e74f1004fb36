/**
 * What a promotion costs as the ledger grows: requests and bytes of plan, begin and commit; how long verification takes; and a
 * roll back from dispatch to done.
 *
 *     npm run node24 -- test/bench/promotions.ts [promotions before, such as 1,150,1000,3000]
 *
 * The promotions before are entries of one that was really made, with other versions and numbers, each with its tag. Bytes are those of
 * bodies, without headers and before compression.
 */

import { assertSucceeded, createFixture, type PromotionFixture } from "../../actions/promote-model/testing.ts";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { createGitHub } from "../../shared/adapters/github/client.ts";
import { addEntry, copyLedgerState } from "../../shared/core/promotion/add-entry.ts";
import { getCurrentVersion, getEnvironment } from "../../shared/core/promotion/ledger.ts";
import { createCommitEntry, createIntentEntry, type NewEntry } from "../../shared/core/promotion/ledger-entries.ts";
import { tagNameOf } from "../../shared/core/promotion/next-promotion-step.ts";
import { approve, CREATED_AT, createOrigin } from "../../shared/core/promotion/testing.ts";
import { serializeEntry, verifyLedger } from "../../shared/core/promotion/verify-ledger.ts";
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
              cost.requests += 1;
              cost.sent += typeof init?.body === "string" ? Buffer.byteLength(init.body) : 0;
              cost.received += body.byteLength;
              return response;
            },
          },
        }),
    });

/** Makes one promotion, and writes what as many would have left. */
async function prepare(promotions: number): Promise<{ readonly fixture: PromotionFixture; readonly text: string }> {
  const fixture = await createFixture();
  const { git } = fixture.hub.repository;
  await fixture.register("v1.0.0");
  await fixture.promote("v1.0.0", "staging");
  const [made] = await fixture.ledger();
  const object = (await fixture.registry.list("visits")).find(({ name }) => name === "visits#staging#1")?.object ?? "";
  const lines = (await fixture.ledger()).map((line) => JSON.stringify(line));
  const state = copyLedgerState(verifyLedger(`${lines.join("\n")}\n`, "ledger", "visits", digestOf));
  const append = (entry: NewEntry): void => {
    const line = serializeEntry(entry);
    const at = { file: "ledger", line: entry.record.seq };
    addEntry(state, entry, { model: "visits", at, line, refused: [] }, digestOf);
    lines.push(line);
  };
  for (let number = 2; number <= promotions; number++) {
    const version = `v1.${number}.0`;
    const plan = {
      ...made.plan,
      target: { ...made.plan.target, version, modelDigest: digestOf(version) },
      replaces: getCurrentVersion(state, "staging")?.version ?? null,
      assignment: number,
    };
    const context = { ledger: state, at: CREATED_AT, origin: createOrigin(number) };
    append(createIntentEntry(approve(plan), context));
    const { openIntent } = getEnvironment(state, "staging");
    if (openIntent === undefined) throw new Error("there is no open intent");
    append(createCommitEntry(openIntent, object, context));
    await git.createRef(`refs/tags/${tagNameOf(openIntent)}`, object);
  }
  const text = lines.map((line) => `${line}\n`).join("");
  await fixture.hub.push({ branch: "mlops-ledger/visits", files: { "ledger.jsonl": text } });
  for (const version of ["v2.0.0", "v2.1.0"]) await fixture.register(version);
  await fixture.promote("v2.0.0", "staging");
  return { fixture, text };
}

async function measureSteps({ dispatch, plan, begin, commit }: PromotionFixture): Promise<void> {
  const run = await dispatch("staging");
  for (const [name, step] of Object.entries({ plan, begin, commit })) {
    const cost: Cost = { requests: 0, sent: 0, received: 0 };
    const inputs = name === "plan" ? { version: "v2.1.0" } : {};
    assertSucceeded(await step(run, inputs, { createClient: createCountingClient(cost) }));
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
  const { fixture, text } = await prepare(promotions);
  await using _ = fixture.hub;
  process.stdout.write(`\n${promotions} promotions, ${text.length} bytes of ledger\n`);
  await measureSteps(fixture);
  const verified = await measureMedian(3, async () => {
    const started = process.cpuUsage();
    verifyLedger(text, "ledger", "visits", digestOf);
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1000;
  });
  logTiming("  verification from the first entry on, processor time", verified, VERIFICATION_GOAL_MS);
  logTiming("  a roll back, dispatch to done, in this process", await measureRollBack(fixture), ROLL_BACK_GOAL_MS);
}
