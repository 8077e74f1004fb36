import { describe, expect, test } from "vitest";
import { parseMarker } from "./marker.ts";
import { upsertStickyComment } from "./sticky-comment.ts";
import {
  BOT,
  draft,
  HEAD,
  IDENTITY,
  MALLORY,
  type SimulatedConversation,
  seededRandom,
  simulateConversation,
} from "./testing.ts";

const OLD = "b".repeat(40);
const quick = { latency: 0, lag: 0, random: () => 0 };

async function finish<Result>(simulation: SimulatedConversation, work: Promise<Result>): Promise<Result> {
  const settled = work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  await simulation.runUntilIdle();
  const outcome = await settled;
  if ("error" in outcome) throw outcome.error;
  return outcome.value;
}

const shown = ({ comments }: SimulatedConversation) =>
  [...comments.values()].map(({ body }) => parseMarker(body, IDENTITY)?.run ?? body.split("\n")[0]);

describe("one writer", () => {
  test("creates the first comment, updates it, and writes nothing when nothing changed", async () => {
    const hub = simulateConversation(quick);
    const keep = (run: number, text: string) =>
      finish(hub, upsertStickyComment(hub.connectAs(BOT), IDENTITY, draft({ run }, text)));
    expect((await keep(1, "red")).change).toBe("created");
    expect((await keep(2, "green")).change).toBe("updated");
    const before = hub.calls.length;
    expect((await keep(3, "green")).change).toBe("unchanged");
    expect(hub.calls.slice(before)).toEqual(["list"]);
    expect(shown(hub)).toEqual([2]);
  });

  test("needs a list, a write and a list", async () => {
    const hub = simulateConversation(quick);
    hub.post(BOT, draft({ run: 1 }).body);
    await finish(hub, upsertStickyComment(hub.connectAs(BOT), IDENTITY, draft({ run: 2 })));
    expect(hub.calls).toEqual(["list", "update", "list"]);
  });

  test("does not overwrite what a newer run says", async () => {
    const hub = simulateConversation(quick);
    hub.post(BOT, draft({ run: 9 }, "newer").body);
    expect(
      (await finish(hub, upsertStickyComment(hub.connectAs(BOT), IDENTITY, draft({ run: 8 }, "older")))).change,
    ).toBe("unchanged");
    expect(shown(hub)).toEqual([9]);
  });

  test("cleans up duplicates: the oldest comment stays, with the newest words", async () => {
    const hub = simulateConversation(quick);
    for (const run of [3, 9, 5]) hub.post(BOT, draft({ run }).body);
    const { comment } = await finish(hub, upsertStickyComment(hub.connectAs(BOT), IDENTITY, draft({ run: 7 })));
    expect(comment.id).toBe(1);
    expect(shown(hub)).toEqual([9]);
  });

  test("is refused when a newer run has judged a newer commit", async () => {
    const hub = simulateConversation(quick);
    hub.head = HEAD;
    hub.post(BOT, draft({ run: 9 }).body);
    await expect(
      finish(hub, upsertStickyComment(hub.connectAs(BOT), IDENTITY, draft({ run: 8, head: OLD }))),
    ).rejects.toMatchObject({
      kind: "refused",
      problems: [{ code: "verdict-stale" }],
    });
    expect(shown(hub)).toEqual([9]);
  });

  test("overwrites a newer run after a force push back to its own commit", async () => {
    const hub = simulateConversation(quick);
    hub.head = OLD;
    hub.post(BOT, draft({ run: 9 }).body);
    await finish(hub, upsertStickyComment(hub.connectAs(BOT), IDENTITY, draft({ run: 8, attempt: 2, head: OLD })));
    expect(shown(hub)).toEqual([8]);
  });

  test("of an app that is not the expected bot finds out by writing, and still leaves one comment", async () => {
    const app = { id: 7, login: "mlops[bot]", bot: true };
    const hub = simulateConversation(quick);
    const keep = (run: number, author?: string) =>
      finish(hub, upsertStickyComment(hub.connectAs(app), IDENTITY, draft({ run }), author));
    expect((await keep(1)).discoveredLogin).toBe("mlops[bot]");
    expect((await keep(2)).discoveredLogin).toBe("mlops[bot]");
    expect(shown(hub)).toEqual([2]);
    const creations = hub.calls.filter((call) => call === "create").length;
    expect((await keep(3, "mlops[bot]")).discoveredLogin).toBeUndefined();
    expect(hub.calls.filter((call) => call === "create")).toHaveLength(creations);
    expect(shown(hub)).toEqual([3]);
  });

  test("with a person's token finds the person's comment", async () => {
    const alice = { id: 8, login: "alice", bot: false };
    const hub = simulateConversation(quick);
    hub.post(alice, draft({ run: 1 }).body);
    hub.post(MALLORY, draft({ run: 99 }).body);
    expect((await finish(hub, upsertStickyComment(hub.connectAs(alice), IDENTITY, draft({ run: 2 })))).change).toBe(
      "updated",
    );
    expect(shown(hub)).toEqual([2, 99]);
  });
});

describe("many writers", () => {
  const races = Array.from({ length: 1_000 }, (_, seed) => seed);

  test(`${races.length} seeded races of 2 to 20 end with one comment of the newest run`, async () => {
    const wrong: unknown[] = [];
    for (const seed of races) {
      const random = seededRandom(seed);
      const hub = simulateConversation({ latency: 120, lag: 200, random });
      if (random() < 0.5) hub.post(BOT, draft({ run: 1 }).body);
      const runs = Array.from({ length: 2 + Math.floor(random() * 19) }, (_, at) => 10 + at);
      const within = random() < 0.5 ? 50 : 2_000;
      const writers = runs.map(async (run) => {
        await hub.delay(random() * within);
        return upsertStickyComment(hub.connectAs(BOT), IDENTITY, draft({ run }));
      });
      await finish(hub, Promise.all(writers));
      if (shown(hub).join() !== String(runs.at(-1))) wrong.push({ seed, runs: runs.length, shown: shown(hub) });
    }
    expect(wrong).toEqual([]);
  });

  test("of the same words write once, or clean up after each other", async () => {
    for (const seed of races.slice(0, 50)) {
      const random = seededRandom(seed);
      const hub = simulateConversation({ latency: 120, lag: 200, random });
      const writers = [1, 2, 3, 4, 5].map((run) =>
        upsertStickyComment(hub.connectAs(BOT), IDENTITY, draft({ run }, "same")),
      );
      await finish(hub, Promise.all(writers));
      expect(hub.comments.size).toBe(1);
      expect(hub.calls).not.toContain("update");
    }
  });

  test("of one run with different words end, with one comment", async () => {
    for (const seed of races.slice(0, 50)) {
      const hub = simulateConversation({ latency: 120, lag: 200, random: seededRandom(seed) });
      const writers = ["a", "b", "c"].map((text) =>
        upsertStickyComment(hub.connectAs(BOT), IDENTITY, draft({ run: 1 }, text)),
      );
      await finish(hub, Promise.all(writers));
      expect(hub.comments.size).toBe(1);
    }
  });

  test("that are killed anywhere leave nothing that the next one does not mend", async () => {
    for (const seed of races) {
      const random = seededRandom(seed);
      const hub = simulateConversation({ latency: 120, lag: 200, random });
      for (const run of [1, 2, 3, 4]) {
        const end = Math.floor(random() * 8);
        let left = end;
        const dying = () => {
          left -= 1;
          return left < 0;
        };
        void upsertStickyComment(hub.connectAs(BOT, dying), IDENTITY, draft({ run })).catch(() => undefined);
      }
      await hub.runUntilIdle();
      await finish(hub, upsertStickyComment(hub.connectAs(BOT), IDENTITY, draft({ run: 5 })));
      expect(shown(hub)).toEqual([5]);
    }
  });
});
