/** What can be wrong in a rollout that the schema accepts. */
import type { Problem } from "../../problem/problem.ts";
import { type Document, type DocumentPath, formatPath, quoteText } from "../../text/document/document.ts";
import { misplacedKey, missingKey } from "./key-problems.ts";
import type { Rollout } from "./policy-2-promotion.ts";

export function rolloutProblems(rollout: Rollout, path: DocumentPath, document: Document): readonly Problem[] {
  const { strategy, steps, queries = [], prometheus, split } = rollout;
  const problems: Problem[] = [];
  const wrong = steps.findIndex((step, index) => step <= (steps[index - 1] ?? 0));
  if (wrong >= 0 || steps.at(-1) !== 100) {
    problems.push({
      code: "policy-wrong-steps",
      message: `${formatPath([...path, "steps"])} must grow and end with 100: the new version then has all traffic`,
      place: document.placeOf([...path, "steps", wrong >= 0 ? wrong : steps.length - 1]),
      fix: "Write, for example, [5, 25, 100]",
    });
  }
  if (split !== undefined && strategy !== "ab-test") {
    problems.push(misplacedKey(path, "split", `strategy: ${strategy}`, "strategy: ab-test", document));
  }
  if (queries.length > 0 && prometheus === undefined) {
    problems.push(missingKey(path, "prometheus", "its queries need a server", document));
  }
  const withoutLimit = queries.flatMap(
    ({ name, min, max, "max-regression": regression }, index): readonly Problem[] => {
      if (min !== undefined || max !== undefined || regression !== undefined) return [];
      return [
        {
          code: "policy-rule-without-effect",
          message: `the query ${quoteText(name)} has no limit, so it would never hold a step`,
          place: document.placeOf([...path, "queries", index], "key"),
          fix: "Add min, max or max-regression",
        },
      ];
    },
  );
  return [...problems, ...withoutLimit];
}
