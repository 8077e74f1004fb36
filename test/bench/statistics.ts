/**
 * How often each rule turns an unchanged model red, and how often it finds one that got worse: simulated pull requests with ten
 * gates each, the same ones for every rule.
 *
 *     node test/bench/statistics.ts [pull requests]
 *
 * An unchanged model is one trained again: it answers 5% of the cases differently, as often right as wrong. A worse one is worse
 * in one gate of ten, by what `judgeChanges` states as detectable for each kind of evidence. The goals are those of our rules:
 * at most 5 of 100 unchanged models red, at least 80 of 100 worse ones.
 */
import { judgeChanges, type Levels } from "../../shared/core/statistics/decision/judge-changes.ts";
import { compareWithHistory } from "../../shared/core/statistics/history/compare-with-history.ts";
import { isInconclusive } from "../../shared/core/statistics/inconclusive.ts";
import { smallestDetectable } from "../../shared/core/statistics/power/detectable.ts";
import { smallestMcnemar } from "../../shared/core/statistics/power/mcnemar-power.ts";
import { comparePairedShares } from "../../shared/core/statistics/proportion/paired-shares.ts";
import { compareShares } from "../../shared/core/statistics/proportion/wilson.ts";
import { drawBinomial } from "../../shared/core/statistics/random/draw-binomial.ts";
import { Random } from "../../shared/core/statistics/random/random.ts";
import { logMachine } from "./benchmark.ts";

const PULL_REQUESTS = Number(process.argv[2] ?? 800);
const GATES = 10;
const CASES = 1000;
const ACCURACY = 0.9;
const DIFFERING = 0.05;
const RUNS = 30;
const LEVELS: Levels = { alpha: 0.05, power: 0.8, correction: "holm" };

/** What is measured for one gate. */
interface Gate {
  readonly gained: number;
  readonly lost: number;
  readonly baseline: number;
  readonly candidate: number;
  readonly history: readonly number[];
  /** The value that follows `history`: each is one training, while the candidate is compared with the baseline case by case. */
  readonly next: number;
}

const random = new Random(`sha256:${"5eed1234".repeat(8)}`);

function compareCases(loss: number): { gained: number; lost: number; difference: number } {
  const differing = drawBinomial(random, CASES, Math.max(DIFFERING, loss));
  const lost = drawBinomial(random, differing, Math.min(1, (1 + loss / DIFFERING) / 2));
  return { gained: differing - lost, lost, difference: (differing - 2 * lost) / CASES };
}

/** The accuracy of one training: two of them differ as `compareCases` says. */
const train = (loss: number): number => ACCURACY - loss + compareCases(0).difference / Math.SQRT2;

function simulateGate(loss: number): Gate {
  const { gained, lost, difference } = compareCases(loss);
  const history = Array.from({ length: RUNS }, () => train(0));
  return { gained, lost, baseline: ACCURACY, candidate: ACCURACY + difference, history, next: train(loss) };
}

type Rule = (gates: readonly Gate[]) => boolean;
const anyGate =
  (isRed: (gate: Gate) => boolean): Rule =>
  (gates) =>
    gates.some(isRed);

const isBelow = (result: ReturnType<typeof compareShares>, alpha: number): boolean =>
  !isInconclusive(result) && result.pLower <= alpha;
const paired = ({ gained, lost }: Gate) => comparePairedShares({ n: CASES, gained, lost });
const unpaired = ({ candidate, baseline }: Gate) =>
  compareShares({ share: candidate, n: CASES }, { share: baseline, n: CASES });

const judged =
  (kind: "predictions" | "history" | "summaries", compare: (gate: Gate) => ReturnType<typeof compareShares>): Rule =>
  (gates) =>
    judgeChanges(
      gates.map((gate) => ({ comparisons: [{ kind, result: compare(gate) }], rule: { better: "higher" } })),
      LEVELS,
    ).some(({ outcome }) => outcome !== "pass");

const level = LEVELS.alpha / GATES;
const DETECTABLE = {
  predictions: smallestMcnemar(CASES, DIFFERING, level, LEVELS.power),
  history: smallestDetectable(Math.sqrt((1.2 * DIFFERING) / 2 / CASES), (2 * RUNS) / 3)(level, LEVELS.power),
  summaries: smallestDetectable(Math.sqrt((2 * ACCURACY * (1 - ACCURACY)) / CASES), Number.POSITIVE_INFINITY)(
    level,
    LEVELS.power,
  ),
};

const RULES: readonly (readonly [string, number, Rule])[] = [
  ["ours, by predictions", DETECTABLE.predictions, judged("predictions", paired)],
  [
    "ours, by 30 earlier runs",
    DETECTABLE.history,
    judged("history", ({ next, history }) => compareWithHistory(next, history)),
  ],
  ["ours, by value and n alone", DETECTABLE.summaries, judged("summaries", unpaired)],
  ["at most 1% worse", DETECTABLE.predictions, anyGate((gate) => gate.candidate < 0.99 * gate.baseline)],
  ["unpaired z-test at 5%", DETECTABLE.predictions, anyGate((gate) => isBelow(unpaired(gate), 0.05))],
  ["paired test at 5%, not corrected", DETECTABLE.predictions, anyGate((gate) => isBelow(paired(gate), 0.05))],
];

const simulate = (loss: number): readonly (readonly Gate[])[] =>
  Array.from({ length: PULL_REQUESTS }, () =>
    Array.from({ length: GATES }, (_, at) => simulateGate(at === 0 ? loss : 0)),
  );

const countRed = (rule: Rule, changes: readonly (readonly Gate[])[]): string =>
  ((100 * changes.filter(rule).length) / changes.length).toFixed(1);

logMachine();
process.stdout.write(
  `${PULL_REQUESTS} pull requests with ${GATES} gates of ${CASES} cases\n${"rule".padEnd(36)}unchanged red   worse by     found\n`,
);
const unchanged = simulate(0);
for (const [name, loss, rule] of RULES) {
  const red = [countRed(rule, unchanged), countRed(rule, simulate(loss))];
  process.stdout.write(
    `${name.padEnd(36)}${red[0]?.padStart(6)} of 100   ${(100 * loss).toFixed(2).padStart(5)} points${red[1]?.padStart(6)} of 100\n`,
  );
}
