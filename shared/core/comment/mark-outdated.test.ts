import { expect, test } from "vitest";
import { markOutdated } from "./mark-outdated.ts";
import { parseSections } from "./section.ts";
import { upsertStickyComment } from "./sticky-comment.ts";
import { BOT, bodyOf, compose, createSection, HEAD, MALLORY, STICKY, simulateConversation } from "./testing.ts";

const NEXT = "b".repeat(40);
const marking = { compose, revision: { run: 9, head: NEXT } };
const simulate = () => simulateConversation({ latency: 0, lag: 0, random: () => 0 });
/** In virtual time. */
async function settled<Result>(simulated: ReturnType<typeof simulate>, work: Promise<Result>): Promise<Result> {
  // A rejection is looked at only when time has passed.
  work.catch(() => {});
  await simulated.runUntilIdle();
  return work;
}
const states = (simulated: ReturnType<typeof simulate>) =>
  [...simulated.comments.values()].map(({ body }) =>
    parseSections(body).map(({ key, state, revision: { head, run } }) => [key, state, head, run]),
  );

test("results of earlier commits are pending after a push, and a report for the new one takes their place", async () => {
  const simulated = simulate();
  const bot = simulated.connectAs(BOT);
  const other = createSection({}, "other", { key: "other", state: "blocked" });
  simulated.post(BOT, compose([createSection({}), other]));
  simulated.post(BOT, compose([createSection({ head: NEXT, run: 2 })], ".github/workflows/other.yml"));
  simulated.head = NEXT;
  expect(await settled(simulated, markOutdated(bot, marking))).toHaveLength(1);
  expect(states(simulated)).toEqual([
    [
      ["metrics", "pending", NEXT, 9],
      ["other", "pending", NEXT, 9],
    ],
    [["metrics", "ready", NEXT, 2]],
  ]);
  expect(await settled(simulated, markOutdated(bot, marking))).toEqual([]);

  // A run of the earlier commit that ends late is refused.
  await expect(settled(simulated, upsertStickyComment(bot, STICKY, createSection({ run: 1 })))).rejects.toThrow(
    "pull request is now at",
  );
  await settled(simulated, upsertStickyComment(bot, STICKY, createSection({ head: NEXT, run: 2 })));
  expect(states(simulated)[0]).toEqual([
    ["metrics", "ready", NEXT, 2],
    ["other", "pending", NEXT, 9],
  ]);
});

test("what was pending before the push stays, so that the next report leaves out a key that is no longer used", async () => {
  const simulated = simulate();
  simulated.post(BOT, compose([createSection({}), createSection({}, "", { key: "gone", state: "pending" })]));
  simulated.head = NEXT;
  await settled(simulated, markOutdated(simulated.connectAs(BOT), marking));
  expect(states(simulated)).toEqual([
    [
      ["metrics", "pending", NEXT, 9],
      ["gone", "pending", HEAD, 1],
    ],
  ]);
  await settled(
    simulated,
    upsertStickyComment(simulated.connectAs(BOT), STICKY, createSection({ head: NEXT, run: 2 })),
  );
  expect(states(simulated)).toEqual([[["metrics", "ready", NEXT, 2]]]);
});

test("comments of others, and those without a marker, are left alone", async () => {
  const simulated = simulate();
  simulated.post(MALLORY, bodyOf({}));
  simulated.post(BOT, "no marker");
  expect(await settled(simulated, markOutdated(simulated.connectAs(BOT), marking))).toEqual([]);
  expect(simulated.calls.filter((call) => call.startsWith("update"))).toEqual([]);
});
