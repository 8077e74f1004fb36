/** What can be wrong in a list of environments that the schema accepts: names, order, and approvals nobody could give. */
import type { Problem } from "../../problem/problem.ts";
import { findClosestMatch } from "../../text/document/closest-match.ts";
import { type Document, type DocumentPath, formatChoices, quoteText } from "../../text/document/document.ts";
import { environmentKey, isSameEnvironment } from "./environment-name.ts";
import { misplacedKey, missingKey } from "./key-problems.ts";
import type { EnvironmentPolicy } from "./policy.ts";
import { rolloutProblems } from "./rollout-problems.ts";

/** @param at where the list stands */
export function environmentProblems(
  environments: readonly EnvironmentPolicy[],
  at: DocumentPath,
  document: Document,
): readonly Problem[] {
  const names = environments.map(({ name }) => name);
  return environments.flatMap((environment, index) => {
    const path = [...at, index];
    return [
      ...nameProblems(names, index, path, document),
      ...environment.needs.flatMap((_, need) => needProblems(environment, need, names, path, document)),
      ...cycleProblems(environments, index, path, document),
      ...approvalProblems(environment, path, document),
      ...(environment.rollout === undefined
        ? []
        : rolloutProblems(environment.rollout, [...path, "rollout"], document)),
    ];
  });
}

function nameProblems(
  names: readonly string[],
  index: number,
  path: DocumentPath,
  document: Document,
): readonly Problem[] {
  const name = names[index] ?? "";
  const first = names.find((other) => isSameEnvironment(other, name)) ?? name;
  if (names.findIndex((other) => isSameEnvironment(other, name)) === index) return [];
  return [
    {
      code: "policy-duplicate-environment",
      message: `there is already an environment ${quoteText(first)}${first === name ? "" : ", and GitHub ignores case"}`,
      place: document.placeOf([...path, "name"]),
      fix: "Remove one of them, or give it another name",
    },
  ];
}

function needProblems(
  { name, needs }: EnvironmentPolicy,
  index: number,
  names: readonly string[],
  path: DocumentPath,
  document: Document,
): readonly Problem[] {
  const need = needs[index] ?? "";
  const place = document.placeOf([...path, "needs", index]);
  if (needs.findIndex((other) => isSameEnvironment(other, need)) < index) {
    const message = `${quoteText(name)} needs ${quoteText(need)} twice`;
    return [{ code: "policy-duplicate-environment", message, place, fix: "Remove one of them" }];
  }
  if (names.some((other) => isSameEnvironment(other, need))) return [];
  return [unknownEnvironment(`${quoteText(name)} needs ${quoteText(need)}`, need, names, name, place)];
}

/** @param what completes "…, which is not an environment of this policy" */
export function unknownEnvironment(
  what: string,
  name: string,
  names: readonly string[],
  own: string | undefined,
  place: Problem["place"] & {},
): Problem {
  const meant = findClosestMatch(name, names);
  const others = formatChoices(names.filter((other) => other !== own)) || "an environment of this list";
  return {
    code: "policy-unknown-environment",
    message: `${what}, which is not an environment of this policy`,
    place,
    fix: `Write ${meant === undefined ? others : quoteText(meant)}`,
  };
}

/** Reported once, at the first environment of the cycle. */
function cycleProblems(
  environments: readonly EnvironmentPolicy[],
  index: number,
  path: DocumentPath,
  document: Document,
): readonly Problem[] {
  const name = environments[index]?.name ?? "";
  const cycle = findCycle(name, environments);
  const indexOf = (wanted: string) => environments.findIndex((other) => isSameEnvironment(other.name, wanted));
  if (cycle.length === 0 || cycle.some((other) => indexOf(other) < index)) return [];
  return [
    {
      code: "policy-circular-environments",
      message: `no version could ever reach ${quoteText(name)}: ${[...cycle, name].join(" needs ")}`,
      place: document.placeOf([...path, "needs"]),
      fix: 'Remove "needs" from the first environment',
    },
  ];
}

/** The environments from `start` along `needs` back to `start`, by the shortest way; empty when there is none. */
function findCycle(start: string, environments: readonly EnvironmentPolicy[]): readonly string[] {
  const needsOf = new Map(environments.toReversed().map(({ name, needs }) => [environmentKey(name), needs]));
  const visited = new Set<string>();
  let ways: readonly (readonly string[])[] = [[start]];
  while (ways.length > 0) {
    const longer = ways.flatMap((way) =>
      (needsOf.get(environmentKey(way.at(-1) ?? "")) ?? []).map((need) => ({ way, need })),
    );
    const back = longer.find(({ need }) => isSameEnvironment(need, start));
    if (back !== undefined) return back.way;
    const fresh = longer.filter(({ need }) => {
      const isNew = !visited.has(environmentKey(need));
      visited.add(environmentKey(need));
      return isNew;
    });
    ways = fresh.map(({ way, need }) => [...way, need]);
  }
  return [];
}

/** GitHub docs, "Reviewing deployments": an environment has up to six required reviewers. */
const MAX_REVIEWERS = 6;

function approvalProblems(environment: EnvironmentPolicy, path: DocumentPath, document: Document): readonly Problem[] {
  const { name, approvals, approvers, "approved-by": by, "approval-environments": others } = environment;
  if (by === "review") {
    const key = "approval-environments";
    return [
      ...(others === undefined
        ? []
        : [misplacedKey(path, key, "approved-by: review", "approved-by: environment", document)]),
      ...(approvers === undefined && approvals > 0
        ? [missingKey(path, "approvers", "somebody's reviews must count", document)]
        : []),
    ];
  }
  const problems =
    approvers === undefined
      ? []
      : [misplacedKey(path, "approvers", "approved-by: environment", "approved-by: review", document)];
  const possible = MAX_REVIEWERS * Math.max(1, others?.length ?? 0);
  if (approvals <= possible) return problems;
  return [
    ...problems,
    {
      code: "policy-too-many-approvals",
      message: `${quoteText(name)} needs ${approvals} approvals, but ${others === undefined ? "an environment has" : `these ${others.length} environments have`} at most ${possible} reviewers`,
      place: document.placeOf([...path, "approvals"]),
      fix: 'Write a smaller number, name environments under "approval-environments:", or write "approved-by: review"',
    },
  ];
}
