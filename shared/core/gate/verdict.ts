/** From a judgement to the record of it, and the lines that tell it. */
import { mistake, type Problem } from "../../action/problem.ts";
import type { Origin } from "../../records/parts.ts";
import { type Ruling, VERDICT, type Verdict } from "../../records/verdict.ts";
import { nameOf } from "../metrics/measured.ts";
import { type JudgeableGate, judgeableGates } from "../policy/judgeable-gates.ts";
import type { Policy } from "../policy/policy.ts";
import type { Baseline } from "./baseline.ts";
import type { Judgement } from "./judge.ts";
import type { Subject } from "./subject.ts";

interface PolicyInForce extends Pick<Verdict, "policy"> {
  readonly rules: Policy;
}

/** @throws ActionFailure `gate-nothing-to-judge`: a gate without a rule would be open */
export function gatesOf({ rules, policy }: PolicyInForce): readonly JudgeableGate[] {
  const gates = judgeableGates(rules);
  if (gates.length > 0) return gates;
  throw mistake({
    code: "gate-nothing-to-judge",
    message: `the policy at the trusted commit ${policy.ref.slice(0, 7)} has no gates, so nothing would be judged`,
    place: { file: policy.path },
    fix: "Merge at least one gate under gates: in a pull request of its own",
  });
}

interface Findings extends Pick<Verdict, "policy" | "metricsDigest"> {
  readonly judgement: Judgement;
  readonly subject: Subject;
  readonly baseline: Baseline;
  readonly notes: readonly string[];
  readonly origin: Origin;
}

export function verdictOf({ judgement, subject, baseline, notes, ...rest }: Findings): Verdict {
  return {
    schema: VERDICT,
    ...rest,
    outcome: judgement.outcome,
    head: subject.head,
    judged: subject.judged,
    baseline: baseline.kind === "found" ? baseline.provenance : null,
    rulings: judgement.rulings,
    metrics: judgement.metrics,
    notes: [...notes, ...baselineNotes(baseline), ...vanishedNotes(judgement)],
  };
}

const baselineNotes = (baseline: Baseline): readonly string[] =>
  baseline.kind === "found" ? [] : [`There is no baseline: ${baseline.reason}.`];

/** What no rule speaks of may go, but not unnoticed. */
function vanishedNotes({ metrics }: Judgement): readonly string[] {
  const vanished = metrics.filter(({ candidate, baseline }) => candidate === null && baseline !== null).map(nameOf);
  if (vanished.length === 0) return [];
  const shown = vanished.slice(0, SHOWN).join(", ");
  const more = vanished.length > SHOWN ? ` and ${vanished.length - SHOWN} more` : "";
  return [`The baseline has metrics that were not measured here: ${shown}${more}.`];
}

const SHOWN = 5;

/** One line for the log. */
export const tell = (ruling: Ruling): string => `${ruling.outcome}: ${nameOf(named(ruling))}: ${ruling.reason}`;

/** Why the step fails; `undefined` for a gate that opens. */
export function whyClosed({ outcome, rulings }: Verdict): Problem | undefined {
  if (outcome !== "fail") return undefined;
  const [first, ...more] = rulings.filter((ruling) => ruling.outcome === "fail");
  if (first === undefined) return closed("nothing was judged", "Give the policy a gate");
  const others =
    more.length === 0 ? "" : `. ${more.length} of the other rules ${more.length === 1 ? "is" : "are"} broken too`;
  return closed(
    `${nameOf(named(first))}: ${first.reason}${others}`,
    "Mend what the rule names; a rule itself changes in a pull request of its own",
  );
}

const closed = (why: string, fix: string): Problem => ({
  code: "gate-closed",
  message: `the gate is closed: ${why}`,
  fix,
});

const named = ({ metric, slice }: Ruling) => ({ name: metric, slice });
