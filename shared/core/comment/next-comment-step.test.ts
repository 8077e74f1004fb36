import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareRevisions, nextCommentStep } from "./next-comment-step.ts";
import { createOwnComment, draft, HEAD } from "./testing.ts";

const OTHER = "b".repeat(40);

describe("the next step", () => {
  const mine = draft({ run: 5 });
  test.each([
    ["no comment", [], { do: "create" }],
    [
      "an older one",
      [createOwnComment(1, { run: 4 })],
      { do: "update", comment: { id: 1 }, draft: { revision: { run: 5 } } },
    ],
    [
      "an older attempt",
      [createOwnComment(1, { run: 5, attempt: 0 }, "red")],
      { do: "update", draft: { revision: { attempt: 1 } } },
    ],
    ["a newer one", [createOwnComment(1, { run: 6 })], { do: "finish", comment: { id: 1 } }],
    ["the same", [createOwnComment(1, { run: 5 })], { do: "finish" }],
    ["the same text of an older run", [createOwnComment(1, { run: 4 }, "run 5")], { do: "finish" }],
    [
      "a newer run of an older commit",
      [createOwnComment(1, { run: 6, head: OTHER })],
      { do: "update", draft: { revision: { run: 5 } } },
    ],
    [
      "the newest in a duplicate",
      [createOwnComment(2, { run: 9 }), createOwnComment(1, { run: 3 })],
      { do: "update", comment: { id: 1 }, draft: { revision: { run: 9 } } },
    ],
    [
      "an older duplicate",
      [createOwnComment(1, { run: 9 }), createOwnComment(2, { run: 3 })],
      { do: "remove", comments: [{ id: 2 }] },
    ],
  ])("with %s", (_, comments, step) => {
    expect(nextCommentStep(mine, comments, false)).toMatchObject(step);
  });

  test("of two bodies for one revision, each is written once", () => {
    const theirs = [createOwnComment(1, { run: 5 }, "theirs")];
    expect(nextCommentStep(mine, theirs, false)).toMatchObject({ do: "update", draft: mine });
    expect(nextCommentStep(mine, theirs, true)).toMatchObject({ do: "finish" });
  });
});

const revision = fc.record({ run: fc.nat(4), attempt: fc.nat(3), head: fc.constantFrom(HEAD, OTHER) });

test("revisions have one order", () => {
  fc.assert(
    fc.property(revision, revision, revision, (a, b, c) => {
      const compare = (x: typeof a, y: typeof a) => compareRevisions(x, y, HEAD);
      expect(Math.sign(compare(a, b))).toBe(-Math.sign(compare(b, a)) + 0);
      if (compare(a, b) > 0 && compare(b, c) > 0) expect(compare(a, c)).toBeGreaterThan(0);
    }),
  );
});

test("a single writer ends, with one comment of the newest revision", () => {
  fc.assert(
    fc.property(fc.array(revision, { maxLength: 6 }), revision, (existing, mine) => {
      let comments = existing.map((one, at) => createOwnComment(at + 1, one, JSON.stringify(one)));
      const my = draft({ ...mine, head: HEAD }, "mine");
      for (let steps = 0; steps < 4; steps++) {
        const step = nextCommentStep(my, comments, steps > 0);
        if (step.do === "create") comments = [{ ...createOwnComment(9, {}), ...my }];
        if (step.do === "update") {
          comments = comments.map((one) => (one.id === step.comment.id ? { ...one, ...step.draft } : one));
        }
        if (step.do === "remove") comments = comments.filter((one) => !step.comments.includes(one));
        if (step.do === "finish") break;
      }
      expect(comments).toHaveLength(1);
      for (const one of existing)
        expect(compareRevisions(comments[0]?.revision ?? one, one, HEAD)).toBeGreaterThanOrEqual(0);
    }),
  );
});
