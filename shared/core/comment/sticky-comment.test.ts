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
    const conversation = simulateConversation(quick);
    const upsert = (run: number, text: string) =>
      finish(conversation, upsertStickyComment(conversation.connectAs(BOT), IDENTITY, draft({ run }, text)));
    expect((await upsert(1, "red")).change).toBe("created");
    expect((await upsert(2, "green")).change).toBe("updated");
    const before = conversation.calls.length;
    expect((await upsert(3, "green")).change).toBe("unchanged");
    expect(conversation.calls.slice(before)).toEqual(["list"]);
    expect(shown(conversation)).toEqual([2]);
  });

  test("needs a list, a write and a list", async () => {
    const conversation = simulateConversation(quick);
    conversation.post(BOT, draft({ run: 1 }).body);
    await finish(conversation, upsertStickyComment(conversation.connectAs(BOT), IDENTITY, draft({ run: 2 })));
    expect(conversation.calls).toEqual(["list", "update", "list"]);
  });

  test("does not overwrite the comment of a newer run", async () => {
    const conversation = simulateConversation(quick);
    conversation.post(BOT, draft({ run: 9 }, "newer").body);
    expect(
      (
        await finish(
          conversation,
          upsertStickyComment(conversation.connectAs(BOT), IDENTITY, draft({ run: 8 }, "older")),
        )
      ).change,
    ).toBe("unchanged");
    expect(shown(conversation)).toEqual([9]);
  });

  test("cleans up duplicates: the oldest comment stays, with the newest text", async () => {
    const conversation = simulateConversation(quick);
    for (const run of [3, 9, 5]) conversation.post(BOT, draft({ run }).body);
    const { comment } = await finish(
      conversation,
      upsertStickyComment(conversation.connectAs(BOT), IDENTITY, draft({ run: 7 })),
    );
    expect(comment.id).toBe(1);
    expect(shown(conversation)).toEqual([9]);
  });

  test("is refused when a newer run has judged a newer commit", async () => {
    const conversation = simulateConversation(quick);
    conversation.head = HEAD;
    conversation.post(BOT, draft({ run: 9 }).body);
    await expect(
      finish(conversation, upsertStickyComment(conversation.connectAs(BOT), IDENTITY, draft({ run: 8, head: OLD }))),
    ).rejects.toMatchObject({
      kind: "refused",
      problems: [{ code: "verdict-stale" }],
    });
    expect(shown(conversation)).toEqual([9]);
  });

  test("overwrites a newer run after a force push back to its own commit", async () => {
    const conversation = simulateConversation(quick);
    conversation.head = OLD;
    conversation.post(BOT, draft({ run: 9 }).body);
    await finish(
      conversation,
      upsertStickyComment(conversation.connectAs(BOT), IDENTITY, draft({ run: 8, attempt: 2, head: OLD })),
    );
    expect(shown(conversation)).toEqual([8]);
  });

  test("of an app that is not the expected bot learns its login from its write, and still leaves one comment", async () => {
    const app = { id: 7, login: "mlops[bot]", bot: true };
    const conversation = simulateConversation(quick);
    const upsert = (run: number, author?: string) =>
      finish(conversation, upsertStickyComment(conversation.connectAs(app), IDENTITY, draft({ run }), author));
    expect((await upsert(1)).discoveredLogin).toBe("mlops[bot]");
    expect((await upsert(2)).discoveredLogin).toBe("mlops[bot]");
    expect(shown(conversation)).toEqual([2]);
    const creations = conversation.calls.filter((call) => call === "create").length;
    expect((await upsert(3, "mlops[bot]")).discoveredLogin).toBeUndefined();
    expect(conversation.calls.filter((call) => call === "create")).toHaveLength(creations);
    expect(shown(conversation)).toEqual([3]);
  });

  test("with a person's token finds the person's comment", async () => {
    const alice = { id: 8, login: "alice", bot: false };
    const conversation = simulateConversation(quick);
    conversation.post(alice, draft({ run: 1 }).body);
    conversation.post(MALLORY, draft({ run: 99 }).body);
    expect(
      (await finish(conversation, upsertStickyComment(conversation.connectAs(alice), IDENTITY, draft({ run: 2 }))))
        .change,
    ).toBe("updated");
    expect(shown(conversation)).toEqual([2, 99]);
  });
});

describe("many writers", () => {
  const races = Array.from({ length: 1_000 }, (_, seed) => seed);

  test(`${races.length} seeded races of 2 to 20 end with one comment of the newest run`, async () => {
    const wrong: unknown[] = [];
    for (const seed of races) {
      const random = seededRandom(seed);
      const conversation = simulateConversation({ latency: 120, lag: 200, random });
      if (random() < 0.5) conversation.post(BOT, draft({ run: 1 }).body);
      const runs = Array.from({ length: 2 + Math.floor(random() * 19) }, (_, at) => 10 + at);
      const within = random() < 0.5 ? 50 : 2_000;
      const writers = runs.map(async (run) => {
        await conversation.delay(random() * within);
        return upsertStickyComment(conversation.connectAs(BOT), IDENTITY, draft({ run }));
      });
      await finish(conversation, Promise.all(writers));
      if (shown(conversation).join() !== String(runs.at(-1)))
        wrong.push({ seed, runs: runs.length, shown: shown(conversation) });
    }
    expect(wrong).toEqual([]);
  });

  test("with the same text write once, or clean up after each other", async () => {
    for (const seed of races.slice(0, 50)) {
      const random = seededRandom(seed);
      const conversation = simulateConversation({ latency: 120, lag: 200, random });
      const writers = [1, 2, 3, 4, 5].map((run) =>
        upsertStickyComment(conversation.connectAs(BOT), IDENTITY, draft({ run }, "same")),
      );
      await finish(conversation, Promise.all(writers));
      expect(conversation.comments.size).toBe(1);
      expect(conversation.calls).not.toContain("update");
    }
  });

  test("of one run with different texts end, with one comment", async () => {
    for (const seed of races.slice(0, 50)) {
      const conversation = simulateConversation({ latency: 120, lag: 200, random: seededRandom(seed) });
      const writers = ["a", "b", "c"].map((text) =>
        upsertStickyComment(conversation.connectAs(BOT), IDENTITY, draft({ run: 1 }, text)),
      );
      await finish(conversation, Promise.all(writers));
      expect(conversation.comments.size).toBe(1);
    }
  });

  test("that are killed anywhere leave nothing that the next one does not clean up", async () => {
    for (const seed of races) {
      const random = seededRandom(seed);
      const conversation = simulateConversation({ latency: 120, lag: 200, random });
      for (const run of [1, 2, 3, 4]) {
        const end = Math.floor(random() * 8);
        let left = end;
        const isKilled = () => {
          left -= 1;
          return left < 0;
        };
        void upsertStickyComment(conversation.connectAs(BOT, isKilled), IDENTITY, draft({ run })).catch(
          () => undefined,
        );
      }
      await conversation.runUntilIdle();
      await finish(conversation, upsertStickyComment(conversation.connectAs(BOT), IDENTITY, draft({ run: 5 })));
      expect(shown(conversation)).toEqual([5]);
    }
  });
});
