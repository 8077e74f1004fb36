import { describe, expect, test } from "vitest";
import type { Conversation } from "./conversation.ts";
import { isMarked } from "./marker.ts";
import { parseSections } from "./section.ts";
import { upsertStickyComment } from "./sticky-comment.ts";
import {
  BOT,
  bodyOf,
  compose,
  createSection,
  HEAD,
  MALLORY,
  type SimulatedConversation,
  STICKY,
  seededRandom,
  simulateConversation,
  WORKFLOW,
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
  [...comments.values()].map(({ body }) =>
    isMarked(body, WORKFLOW) ? parseSections(body)[0]?.revision.run : body.split("\n")[0],
  );

describe("one writer", () => {
  test("creates the first comment, updates it, and tells readers nothing new when nothing changed", async () => {
    const conversation = simulateConversation(quick);
    const upsert = (run: number, text: string) =>
      finish(conversation, upsertStickyComment(conversation.connectAs(BOT), STICKY, createSection({ run }, text)));
    expect((await upsert(1, "red")).change).toBe("created");
    expect((await upsert(2, "green")).change).toBe("updated");
    // The run is recorded all the same: an older one that ends later must see that it is older.
    expect((await upsert(3, "green")).change).toBe("unchanged");
    expect(shown(conversation)).toEqual([3]);
    const before = conversation.calls.length;
    expect((await upsert(3, "green")).change).toBe("unchanged");
    expect((await upsert(2, "old")).change).toBe("unchanged");
    expect(conversation.calls.slice(before)).toEqual(["list", "list"]);
  });

  test("needs a list, a write and a list", async () => {
    const conversation = simulateConversation(quick);
    conversation.post(BOT, bodyOf({ run: 1 }));
    await finish(conversation, upsertStickyComment(conversation.connectAs(BOT), STICKY, createSection({ run: 2 })));
    expect(conversation.calls).toEqual(["list", "update", "list"]);
  });

  test("does not overwrite the comment of a newer run", async () => {
    const conversation = simulateConversation(quick);
    conversation.post(BOT, bodyOf({ run: 9 }, "newer"));
    expect(
      (
        await finish(
          conversation,
          upsertStickyComment(conversation.connectAs(BOT), STICKY, createSection({ run: 8 }, "older")),
        )
      ).change,
    ).toBe("unchanged");
    expect(shown(conversation)).toEqual([9]);
  });

  test("cleans up duplicates: the oldest comment stays, with the newest text", async () => {
    const conversation = simulateConversation(quick);
    for (const run of [3, 9, 5]) conversation.post(BOT, bodyOf({ run }));
    const { comment } = await finish(
      conversation,
      upsertStickyComment(conversation.connectAs(BOT), STICKY, createSection({ run: 7 })),
    );
    expect(comment?.id).toBe(1);
    expect(shown(conversation)).toEqual([9]);
  });

  test("is refused when a newer run has judged a newer commit for one of several keys", async () => {
    const conversation = simulateConversation(quick);
    conversation.head = HEAD;
    const others = [
      createSection({ run: 9 }, "b", { key: "b" }),
      createSection({ run: 7, head: OLD }, "c", { key: "c" }),
    ];
    conversation.post(BOT, compose(others));
    const mine = createSection({ run: 8, head: OLD }, "mine", { key: "a" });
    await expect(
      finish(conversation, upsertStickyComment(conversation.connectAs(BOT), STICKY, mine)),
    ).rejects.toMatchObject({ problems: [{ code: "verdict-stale" }] });
  });

  test("is refused when a newer run has judged a newer commit", async () => {
    const conversation = simulateConversation(quick);
    conversation.head = HEAD;
    conversation.post(BOT, bodyOf({ run: 9 }));
    await expect(
      finish(
        conversation,
        upsertStickyComment(conversation.connectAs(BOT), STICKY, createSection({ run: 8, head: OLD })),
      ),
    ).rejects.toMatchObject({
      kind: "refused",
      problems: [{ code: "verdict-stale" }],
    });
    expect(shown(conversation)).toEqual([9]);
  });

  test("overwrites a newer run after a force push back to its own commit", async () => {
    const conversation = simulateConversation(quick);
    conversation.head = OLD;
    conversation.post(BOT, bodyOf({ run: 9 }));
    await finish(
      conversation,
      upsertStickyComment(conversation.connectAs(BOT), STICKY, createSection({ run: 8, attempt: 2, head: OLD })),
    );
    expect(shown(conversation)).toEqual([8]);
  });

  test("of an app that is not the expected bot learns its login from its write, and still leaves one comment", async () => {
    const app = { id: 7, login: "mlops[bot]", bot: true };
    const conversation = simulateConversation(quick);
    const upsert = (run: number, author?: string) =>
      finish(
        conversation,
        upsertStickyComment(
          conversation.connectAs(app),
          { ...STICKY, ...(author && { author }) },
          createSection({ run }),
        ),
      );
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
    conversation.post(alice, bodyOf({ run: 1 }));
    conversation.post(MALLORY, bodyOf({ run: 99 }));
    expect(
      (
        await finish(
          conversation,
          upsertStickyComment(conversation.connectAs(alice), STICKY, createSection({ run: 2 })),
        )
      ).change,
    ).toBe("updated");
    expect(shown(conversation)).toEqual([2, 99]);
  });
});

describe("a GitHub that errs once", () => {
  /** A port whose first call of one kind answers without doing anything. */
  const errOnce = <Name extends keyof Conversation>(
    simulation: SimulatedConversation,
    name: Name,
    answer: Conversation[Name],
  ): Conversation => {
    const port = simulation.connectAs(BOT);
    let calls = 0;
    const first = (...args: readonly unknown[]): unknown => {
      calls += 1;
      const method = (calls === 1 ? answer : port[name]) as (...args: readonly unknown[]) => unknown;
      return method(...args);
    };
    return { ...port, [name]: first };
  };
  const upsert = async (simulation: SimulatedConversation, port: Conversation, run: number) =>
    finish(simulation, upsertStickyComment(port, STICKY, createSection({ run })));

  test("about a comment that it calls missing although it is there: the comment is updated", async () => {
    const simulation = simulateConversation(quick);
    simulation.post(BOT, bodyOf({ run: 1 }));
    const { change } = await upsert(
      simulation,
      errOnce(simulation, "update", async () => "missing"),
      2,
    );
    expect([change, shown(simulation)]).toEqual(["updated", [2]]);
  });

  test("about an update without effect: it is written again", async () => {
    const simulation = simulateConversation(quick);
    simulation.post(BOT, bodyOf({ run: 1 }));
    const { change } = await upsert(
      simulation,
      errOnce(simulation, "update", async () => "done"),
      2,
    );
    expect([change, shown(simulation)]).toEqual(["updated", [2]]);
  });

  test("about a new comment that is not there: it is created", async () => {
    const simulation = simulateConversation(quick);
    const create = async (body: string) => ({ id: 999, author: BOT, url: "", body });
    const { change, comment } = await upsert(simulation, errOnce(simulation, "create", create), 1);
    expect([change, comment?.id, shown(simulation)]).toEqual(["created", 1, [1]]);
  });

  test("about the id of a new comment: the comment is found, and none is created beside it", async () => {
    const simulation = simulateConversation(quick);
    const create = async (body: string) => ({ ...simulation.post(BOT, body), id: 999 });
    const { change, comment } = await upsert(simulation, errOnce(simulation, "create", create), 1);
    expect([change, comment?.id, shown(simulation)]).toEqual(["created", 1, [1]]);
  });

  test("about a removal without effect: the duplicate is removed", async () => {
    const simulation = simulateConversation(quick);
    for (const run of [1, 2]) simulation.post(BOT, bodyOf({ run }));
    await upsert(
      simulation,
      errOnce(simulation, "remove", async () => undefined),
      3,
    );
    expect(shown(simulation)).toEqual([3]);
  });

  test("about a comment that somebody deletes meanwhile: a new one is created", async () => {
    const simulation = simulateConversation(quick);
    const { id } = simulation.post(BOT, bodyOf({ run: 1 }));
    const deleted = async () => {
      await simulation.connectAs(BOT).remove(id);
      return "missing" as const;
    };
    await upsert(simulation, errOnce(simulation, "update", deleted), 2);
    expect(shown(simulation)).toEqual([2]);
  });
});

describe("many writers", () => {
  const races = Array.from({ length: Number(process.env["COMMENT_RACES"] ?? 100) }, (_, seed) => seed);

  test(`${races.length} seeded races of 2 to 20 end with one comment of the newest run`, async () => {
    const wrong: unknown[] = [];
    for (const seed of races) {
      const random = seededRandom(seed);
      const conversation = simulateConversation({ latency: 120, lag: 200, random });
      if (random() < 0.5) conversation.post(BOT, bodyOf({ run: 1 }));
      const runs = Array.from({ length: 2 + Math.floor(random() * 19) }, (_, at) => 10 + at);
      const within = random() < 0.5 ? 50 : 2_000;
      const writers = runs.map(async (run) => {
        await conversation.delay(random() * within);
        return upsertStickyComment(conversation.connectAs(BOT), STICKY, createSection({ run }));
      });
      await finish(conversation, Promise.all(writers));
      if (shown(conversation).join() !== String(runs.at(-1)))
        wrong.push({ seed, runs: runs.length, shown: shown(conversation) });
    }
    expect(wrong).toEqual([]);
  });

  test("with the same text end with one comment, of the newest run", async () => {
    for (const seed of races.slice(0, 50)) {
      const random = seededRandom(seed);
      const conversation = simulateConversation({ latency: 120, lag: 200, random });
      const writers = [1, 2, 3, 4, 5].map((run) =>
        upsertStickyComment(conversation.connectAs(BOT), STICKY, createSection({ run }, "same")),
      );
      await finish(conversation, Promise.all(writers));
      expect(shown(conversation)).toEqual([5]);
    }
  });

  test("of one run with different texts end, with one comment", async () => {
    for (const seed of races.slice(0, 50)) {
      const conversation = simulateConversation({ latency: 120, lag: 200, random: seededRandom(seed) });
      const writers = ["a", "b", "c"].map((text) =>
        upsertStickyComment(conversation.connectAs(BOT), STICKY, createSection({ run: 1 }, text)),
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
        void upsertStickyComment(conversation.connectAs(BOT, isKilled), STICKY, createSection({ run })).catch(
          () => undefined,
        );
      }
      await conversation.runUntilIdle();
      await finish(conversation, upsertStickyComment(conversation.connectAs(BOT), STICKY, createSection({ run: 5 })));
      expect(shown(conversation)).toEqual([5]);
    }
  });

  test(`${races.length} seeded races of 2 to 16 legs, each twice, end with one comment of all of them`, async () => {
    const wrong: unknown[] = [];
    for (const seed of races) {
      const random = seededRandom(seed);
      const conversation = simulateConversation({ latency: 120, lag: 200, random });
      if (random() < 0.5) conversation.post(BOT, bodyOf({ run: 1, head: OLD }));
      const keys = Array.from(
        { length: 2 + Math.floor(random() * 15) },
        (_, at) => `leg ${String.fromCharCode(97 + at)}`,
      );
      const within = random() < 0.5 ? 50 : 2_000;
      const writers = [10, 11].flatMap((run) =>
        keys.map(async (key) => {
          await conversation.delay(random() * within);
          const mine = createSection({ run }, `${key} of ${run}`, { key });
          return upsertStickyComment(conversation.connectAs(BOT), STICKY, mine);
        }),
      );
      await finish(conversation, Promise.all(writers));
      const [comment, ...more] = conversation.comments.values();
      const sections = parseSections(comment?.body ?? "").filter(({ state }) => state !== "pending");
      const texts = sections.map(({ text }) => text).join();
      if (more.length > 0 || texts !== keys.map((key) => `${key} of 11`).join()) wrong.push({ seed, texts });
    }
    expect(wrong).toEqual([]);
  });
});
