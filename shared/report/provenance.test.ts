import { expect, test } from "vitest";
import type { Verdict } from "../records/verdict.ts";
import { createVerdict, renderComment } from "./testing.ts";

const lineOf = (changes: Verdict["changes"], words = "Training, against"): string | undefined =>
  renderComment({ verdict: createVerdict({ changes }) }, {})
    .split("\n")
    .find((line) => line.includes(words));

test("what else differs from the baseline's training stands where it is compared with", () => {
  const environment = [
    { name: "nvidia-driver", before: "580.65", after: "590.48" },
    { name: "torch", before: "2.10.0", after: "2.11.0" },
    { name: "tqdm", before: "4.67", after: null },
    { name: "energy", before: null, after: "1.4 kWh" },
  ];
  const params = [{ name: "lr", before: "0.1", after: "<b>@octo" }];
  const changes = { environment, params, data: true, commitsBehind: 1 };
  expect(lineOf(changes, "**Changed:**")).toBe("**Changed:** other data, `lr` 0.1 → `<b>@octo`.");
  expect(lineOf(changes, "Parameters")).toBe("- Parameters and data: `lr` 0.1 → `<b>@octo`");
  expect(lineOf(changes, "behind")).toBe("- Merged with a base that is 1 commit behind its branch");
  expect(lineOf(changes)).toBe(
    "- Training, against the baseline's: `nvidia-driver` 580.65 → 590.48, `torch` 2.10.0 → 2.11.0, `tqdm` 4.67 → none, `energy` 1.4 kWh",
  );
});

test("many are counted, and none are not mentioned", () => {
  const environment = Array.from({ length: 25 }, (_, at) => ({ name: `p${at}`, before: "1", after: "2" }));
  expect(lineOf({ environment })).toMatch(/`p19` 1 → 2, 5 more$/);
  expect(lineOf({ params: environment }, "**Changed:**")).toMatch(/`p3` 1 → 2, 21 more\.$/);
  expect(lineOf({ data: false })).toBeUndefined();
  expect(lineOf(undefined)).toBeUndefined();
  for (const words of ["**Changed:**", "Parameters", "behind"]) expect(lineOf({}, words)).toBeUndefined();
});
