import { expect, test } from "vitest";
import { areSameSections } from "../core/comment/join-sections.ts";
import { isMarked } from "../core/comment/marker.ts";
import { parseSections, type Section } from "../core/comment/section.ts";
import { composeComment } from "./comment.ts";
import { renderAsGitHub } from "./testing.ts";

const WORKFLOW = ".github/workflows/model.yml";
const section = (key: string, state: Section["state"], summary = "all 3 rules pass"): Section => ({
  key,
  state,
  summary,
  revision: { run: 7, attempt: 1, head: "a".repeat(40) },
  text: state === "pending" ? "" : `| table of ${key} |`,
});
const visible = (sections: readonly Section[]): readonly string[] =>
  composeComment(sections, WORKFLOW)
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("<!--"));

test("a single section is the comment, whatever its key", () => {
  expect(visible([section("visits", "ready")])).toEqual([
    "### ✅ Ready to merge: all 3 rules pass (`aaaaaaa`)",
    "| table of visits |",
  ]);
});

test("a title stands for the key, and cannot look like a headline of ours", () => {
  const titled = (key: string, title: string): Section => ({
    ...section(key, "blocked", "1 of 2 rules is broken"),
    title,
  });
  expect(visible([titled("a", "Visits <b>")])[0]).toBe(
    "### ❌ Not ready to merge: Visits &#60;b&#62;: 1 of 2 rules is broken (`aaaaaaa`)",
  );
  expect(visible([titled("a", "Visits"), section("b", "ready")])).toEqual([
    "### ❌ Not ready to merge: 1 of 2 results, Visits (`aaaaaaa`)",
    "#### ❌ Visits: 1 of 2 rules is broken",
    "| table of a |",
    "#### ✅ `b`: all 3 rules pass",
    "<details><summary>What changed</summary>",
    "| table of b |",
    "</details>",
  ]);
});

test.each<[string, readonly Section[], string]>([
  [
    "all ready",
    [section("a", "ready"), section("b", "ready")],
    "### ✅ Ready to merge: all 2 results are ready (`aaaaaaa`)",
  ],
  [
    "one blocked",
    [section("a", "ready"), section("b", "blocked"), section("c", "pending")],
    "### ❌ Not ready to merge: 1 of 3 results, `b` (`aaaaaaa`)",
  ],
  [
    "one that has not reported",
    [section("a", "ready"), section("b", "pending"), section("c", "undecided")],
    "### ⏳ Not decided yet: 1 of 3 results, `b` (`aaaaaaa`)",
  ],
  [
    "one undecided",
    [section("a", "ungated"), section("b", "undecided")],
    "### ⚠️ Not decided: 1 of 2 results, `b` (`aaaaaaa`)",
  ],
  [
    "one without rules",
    [section("a", "ready"), section("b", "ungated")],
    "### 📊 No rules yet: nothing was gated for 1 of 2 results, `b` (`aaaaaaa`)",
  ],
  [
    "no rules for any",
    [section("a", "ungated"), section("b", "ungated")],
    "### 📊 No rules yet: nothing was gated, for all 2 results (`aaaaaaa`)",
  ],
  [
    "most blocked",
    [section("f", "ready"), ...["a", "b", "c", "d", "e"].map((key) => section(key, "blocked"))],
    "### ❌ Not ready to merge: 5 of 6 results, `a`, `b`, `c` and 2 more (`aaaaaaa`)",
  ],
  [
    "many blocked",
    ["a", "b", "c", "d", "e"].map((key) => section(key, "blocked")),
    "### ❌ Not ready to merge: 5 of 5 results, `a`, `b`, `c` and 2 more (`aaaaaaa`)",
  ],
])("the headline is the worst of all: %s", (_, sections, headline) => {
  expect(visible(sections)[0]).toBe(headline);
});

test("all that are ready are seen at once", () => {
  const text = visible([section("a", "ready"), section("b", "ready")]).join();
  expect(text).toContain("| table of a |");
  expect(text).not.toContain("<details>");
});

test("each of several sections has its heading, those that are not ready first, and all of them are found again", () => {
  const sections = [
    section("a", "ready"),
    section("<b> @alice", "blocked", "1 of 2 rules is broken"),
    section("c", "pending"),
  ];
  const body = composeComment(sections, WORKFLOW);
  expect(visible(sections).slice(1)).toEqual([
    "#### ❌ &#60;b&#62; `@alice`: 1 of 2 rules is broken",
    "| table of <b> @alice |",
    "#### ⏳ `c`: not reported for this commit yet",
    "#### ✅ `a`: all 3 rules pass",
    "<details><summary>What changed</summary>",
    "| table of a |",
    "</details>",
  ]);
  expect(areSameSections(parseSections(body), sections)).toBe(true);
  expect(isMarked(body, WORKFLOW)).toBe(true);
  expect(renderAsGitHub(body)).not.toMatch(/<!--|mlops-actions/);
});

test("there is one policy to copy for all sections, and it is left out where it has no room", () => {
  const suggesting = (key: string, metric: string): Section => ({
    ...section(key, "ungated", "nothing was gated"),
    suggested: [{ metric, better: "lower", measured: 0.1 + 0.2 }],
  });
  const same = [suggesting("train (small)", "mae"), suggesting("train (large)", "mae")];
  expect(visible(same).filter((line) => line.includes("Rules to begin with"))).toHaveLength(1);
  expect(visible(same).filter((line) => line.includes("metric: mae # 0.30000000000000004 in"))).toHaveLength(1);
  const models = visible([suggesting("visits", "mae"), suggesting("fraud", "loss")]).join("\n");
  expect(models).toContain("such as `model: visits` in place of its `key`:");
  expect(models).toMatch(/models:\n {2}visits:\n[\s\S]*metric: mae[\s\S]*\n {2}fraud:\n[\s\S]*metric: loss/);
  const long = composeComment([{ ...suggesting("visits", "mae"), text: "x".repeat(63_800) }], WORKFLOW);
  expect([long.includes("Rules to begin"), long.length < 65_536]).toEqual([false, true]);
});
