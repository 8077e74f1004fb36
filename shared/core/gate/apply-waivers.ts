/**
 * Rules that do not close the gate for a time. The policy of the base branch says so, for a metric, by somebody who could have
 * changed the rule, with a reason and a last day: a waiver is shown wherever the rule is, and nobody gives one to themselves.
 */
import type { Ruling } from "../../records/verdict.ts";
import { matchesBranch } from "../policy/branch-pattern.ts";
import { parseDuration } from "../policy/duration.ts";
import type { Waiver2 } from "../policy/policy-2-gates.ts";

/** Whose change is judged. */
export interface WaivedChange {
  /** Login of the author; `undefined`: it is not known, and a waiver could be their own. */
  readonly author: string | undefined;
  /** `undefined`: a waiver for some branches does not count. */
  readonly branch: string | undefined;
  /** `2026-01-31`, in UTC. */
  readonly today: string;
}

/** Somebody who gave a waiver, as GitHub knows them. */
export interface Approver {
  readonly login: string;
  readonly id: number;
  readonly mayWrite: boolean;
}

/** The waivers that could keep a broken rule from closing the gate: only for these, GitHub must be asked. */
export const findNeededWaivers = (
  rulings: readonly Ruling[],
  waivers: readonly Waiver2[],
  branch: string | undefined,
): readonly Waiver2[] => waivers.filter((waiver) => rulings.some((ruling) => isAbout(waiver, ruling, branch)));

const isAbout = ({ metric, slice, branch: pattern }: Waiver2, ruling: Ruling, branch: string | undefined): boolean =>
  ruling.outcome !== "pass" &&
  ruling.severity !== "warn" &&
  ruling.metric === metric &&
  (slice === undefined || slice === ruling.slice || (ruling.between?.[0] ?? null) === slice) &&
  (pattern === undefined || (branch !== undefined && matchesBranch(pattern, branch)));

export interface WaivingResult {
  /** With the waiver at each rule that has one. */
  readonly rulings: readonly Ruling[];
  /** Why a waiver that is there does not count. */
  readonly notes: readonly string[];
}

/**
 * @param approvers by login in lower case; one that is missing is nobody GitHub knows
 * @param longest as the policy says, such as `30d`
 * @param path of the policy
 */
export function applyWaivers(
  rulings: readonly Ruling[],
  waivers: readonly Waiver2[],
  change: WaivedChange,
  approvers: ReadonlyMap<string, Approver>,
  { path, longest }: { readonly path: string; readonly longest?: string | undefined },
): WaivingResult {
  const notes: string[] = [];
  const usable = findNeededWaivers(rulings, waivers, change.branch).flatMap((waiver) => {
    const approver = approvers.get(waiver.approver.toLowerCase());
    const problem = findProblem(waiver, change, approver, longest);
    if (problem !== undefined || approver === undefined) {
      notes.push(`The waiver of ${waiver.metric} by ${waiver.approver} does not count: ${problem}.`);
      return [];
    }
    const { reason, expires } = waiver;
    return [{ waiver, given: { approver: { login: approver.login, id: approver.id }, reason, expires, source: path } }];
  });
  return {
    notes,
    rulings: rulings.map((ruling) => {
      const found = usable.find(({ waiver }) => isAbout(waiver, ruling, change.branch));
      return found === undefined ? ruling : { ...ruling, waiver: found.given };
    }),
  };
}

function findProblem(
  { approver: login, expires }: Waiver2,
  { author, today }: WaivedChange,
  approver: Approver | undefined,
  longest: string | undefined,
): string | undefined {
  if (expires < today) return `it expired on ${expires}`;
  const left = Date.parse(expires) - Date.parse(today);
  if (longest !== undefined && left > parseDuration(longest))
    return `it expires on ${expires}, and the policy allows at most ${longest}`;
  if (author === undefined) return "who made this change is not known, and nobody waives for themselves";
  if (author.toLowerCase() === login.toLowerCase()) return "nobody waives for their own change";
  if (approver?.mayWrite !== true) return `${login} may not write to this repository`;
  return undefined;
}
