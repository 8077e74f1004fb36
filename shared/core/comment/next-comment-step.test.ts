import { describe, expect, test } from "vitest";
import { nextCommentStep } from "./next-comment-step.ts";
import type { Revision } from "./section.ts";
import { createOwnComment, createSection } from "./testing.ts";

const OTHER = "b".repeat(40);
const one = (id: number, revision: Partial<Revision>, text?: string) =>
  createOwnComment(id, createSection(revision, text));

describe("the next step", () => {
  const mine = createSection({ run: 5 });
  test.each([
    ["no comment", [], { do: "create", sections: [{ revision: { run: 5 } }] }],
    ["an older one", [one(1, { run: 4 })], { do: "update", comment: { id: 1 }, sections: [{ revision: { run: 5 } }] }],
    [
      "an older attempt",
      [one(1, { run: 5, attempt: 0 }, "red")],
      { do: "update", sections: [{ revision: { attempt: 1 } }] },
    ],
    ["a newer one", [one(1, { run: 6 })], { do: "finish", comment: { id: 1 } }],
    ["the same", [one(1, { run: 5 })], { do: "finish" }],
    // Or the older run, when it ends last, would take its own text for the newer one.
    [
      "the same text of an older run",
      [one(1, { run: 4 }, "run 5")],
      { do: "update", sections: [{ revision: { run: 5 } }] },
    ],
    [
      "a newer run of an older commit",
      [one(1, { run: 6, head: OTHER })],
      { do: "update", sections: [{ revision: { run: 5 } }] },
    ],
    [
      "the newest in a duplicate",
      [one(2, { run: 9 }), one(1, { run: 3 })],
      { do: "update", comment: { id: 1 }, sections: [{ revision: { run: 9 } }] },
    ],
    ["an older duplicate", [one(1, { run: 9 }), one(2, { run: 3 })], { do: "remove", comments: [{ id: 2 }] }],
    ["one without sections", [createOwnComment(1)], { do: "update", comment: { id: 1 } }],
  ])("with %s", (_, comments, step) => {
    expect(nextCommentStep(mine, comments, false)).toMatchObject(step);
  });

  test("of two sections for one revision, the worse one stays only where that is wanted", () => {
    const worse = [createOwnComment(1, createSection({ run: 5 }, "theirs", { state: "blocked" }))];
    expect(nextCommentStep(mine, worse, false)).toMatchObject({ do: "update", sections: [{ state: "ready" }] });
    expect(nextCommentStep(mine, worse, false, [], true)).toMatchObject({ do: "finish" });
  });

  test("of two sections for one revision, each is written once", () => {
    const theirs = [one(1, { run: 5 }, "theirs")];
    expect(nextCommentStep(mine, theirs, false)).toMatchObject({ do: "update", sections: [mine] });
    expect(nextCommentStep(mine, theirs, true)).toMatchObject({ do: "finish" });
  });
});
