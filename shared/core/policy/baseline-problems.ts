/** What can be wrong in baselines and waivers that the schema accepts: keys of another kind, and names of nothing. */
import type { Problem } from "../../problem/problem.ts";
import { findClosestMatch } from "../../text/document/closest-match.ts";
import {
  type Document,
  type DocumentPath,
  formatChoices,
  formatPath,
  quoteText,
} from "../../text/document/document.ts";
import { isSameEnvironment } from "./environment-name.ts";
import { unknownEnvironment } from "./environment-problems.ts";
import { misplacedKey, missingKey } from "./key-problems.ts";
import type { ModelPolicy } from "./policy.ts";
import type { BaselineSource, Waiver2 } from "./policy-2-gates.ts";

type SourceKey = "within" | "path" | "commit" | "environment";

/** Which key belongs to which source; `within` alone may be left out. */
const KEYS_OF: Readonly<Record<BaselineSource["from"], readonly SourceKey[]>> = {
  "first-parent": [],
  "nearest-ancestor": ["within"],
  file: ["path"],
  ratchet: ["path"],
  commit: ["commit"],
  environment: ["environment"],
};

export function baselineProblems(
  sources: readonly BaselineSource[],
  { environments }: Pick<ModelPolicy, "environments">,
  at: DocumentPath,
  document: Document,
): readonly Problem[] {
  const names = environments.map(({ name }) => name);
  return sources.flatMap((source, index) => {
    const path = [...at, index];
    const { from, environment } = source;
    const own = KEYS_OF[from];
    const isUnknown = environment !== undefined && !names.some((name) => isSameEnvironment(name, environment));
    return [
      ...(["within", "path", "commit", "environment"] as const)
        .filter((key) => source[key] !== undefined && !own.includes(key))
        .map((key) => misplacedKey(path, key, `from: ${from}`, `from: ${sourceOf(key)}`, document)),
      ...own
        .filter((key) => key !== "within" && source[key] === undefined)
        .map((key) => missingKey(path, key, `it is needed with "from: ${from}"`, document)),
      ...(isUnknown
        ? [
            unknownEnvironment(
              `the baseline is the version in ${quoteText(environment)}`,
              environment,
              names,
              undefined,
              document.placeOf([...path, "environment"]),
            ),
          ]
        : []),
    ];
  });
}

const sourceOf = (key: SourceKey): string => Object.entries(KEYS_OF).find(([, keys]) => keys.includes(key))?.[0] ?? "";

/** A waiver for a gate that does not exist would never be noticed, and a misspelt one neither. */
export function waiverProblems(
  waivers: readonly Waiver2[],
  { gates }: Pick<ModelPolicy, "gates">,
  at: DocumentPath,
  document: Document,
): readonly Problem[] {
  return waivers.flatMap(({ metric, slice, approver }, index) => {
    if (approver.includes("/")) return [teamApprover(approver, [...at, index, "approver"], document)];
    const gate = gates.find((one) => one.metric === metric);
    const metrics = gates.map((one) => one.metric);
    if (gate === undefined) return [unknownGate("gate", metric, metrics, [...at, index, "metric"], document)];
    const slices = Object.keys(gate.slices ?? {});
    // Which slices these two look at is known only once they were measured.
    const isOpen = gate["worst-slice"] !== undefined || gate.gap !== undefined;
    if (slice === undefined || isOpen || slices.includes(slice)) return [];
    return [unknownGate("slice", slice, slices, [...at, index, "slice"], document)];
  });
}

/** Whoever gives a waiver answers for it. */
const teamApprover = (approver: string, path: DocumentPath, document: Document): Problem => ({
  code: "policy-wrong-value",
  message: `${formatPath(path)}: ${quoteText(approver)} is a team; a waiver is given by a person`,
  place: document.placeOf(path),
  fix: "Write the login of the person",
});

function unknownGate(
  what: "gate" | "slice",
  name: string,
  known: readonly string[],
  path: DocumentPath,
  document: Document,
): Problem {
  const meant = findClosestMatch(name, known);
  const choices = formatChoices(meant === undefined ? known : [meant]);
  return {
    code: "policy-unknown-gate",
    message: `${formatPath(path)}: there is no ${what} ${quoteText(name)} to waive`,
    place: document.placeOf(path),
    fix: choices === "" ? "Remove the waiver" : `Write ${choices}`,
  };
}
