/** Which examples another answer was given to, by id, and which classes are taken for which: where to look for the cause. */
import type { Verdict } from "../../records/verdict.ts";
import type { ExpandedGate } from "../policy/expand-gates.ts";
import { isInconclusive } from "../statistics/inconclusive.ts";
import type { AlignedPredictions } from "../statistics/predictions/align-predictions.ts";
import { type CaseStatistic, findCaseStatistic } from "../statistics/predictions/case-statistic.ts";
import { onlyResult } from "../statistics/predictions/side-by-side.ts";
import type { CaseEvidence } from "./predicted-cases.ts";

export type CaseChanges = Pick<Verdict, "flips" | "confusion">;

/** As many as a record has room for. */
const MAX_IDS = 1000;
/** With more, a matrix is no picture any more. */
const MAX_CLASSES = 20;

/** Metrics for which an answer is right or wrong. */
const OF_ANSWERS: ReadonlySet<CaseStatistic | undefined> = new Set<CaseStatistic>([
  ...(["accuracy", "error-rate", "f1", "macro-f1", "precision", "recall"] as const),
]);

interface Answer {
  readonly id: string;
  readonly label: string;
  readonly before: string;
  readonly now: string;
}

/** Nothing where no gated metric is about right and wrong answers, as with predicted amounts. */
export function describeCaseChanges(gates: readonly ExpandedGate[], { aligned }: CaseEvidence): CaseChanges {
  const metric = gates.find((gate) => OF_ANSWERS.has(findCaseStatistic(gate.metric)))?.metric;
  if (metric === undefined || isInconclusive(aligned)) return {};
  const answers = listAnswers(aligned);
  if (answers.length === 0) return {};
  const idsOf = (changed: (answer: Answer) => boolean): readonly string[] =>
    answers.filter(changed).map(({ id }) => id);
  const broken = idsOf(({ label, before, now }) => before === label && now !== label);
  const fixed = idsOf(({ label, before, now }) => before !== label && now === label);
  const counts = { brokenCount: broken.length, fixedCount: fixed.length };
  return {
    flips: [{ metric, broken: broken.slice(0, MAX_IDS), fixed: fixed.slice(0, MAX_IDS), ...counts }],
    ...describeConfusion(answers),
  };
}

/** In the order of the baseline's file. */
const listAnswers = ({ pairs }: AlignedPredictions): readonly Answer[] =>
  pairs.flatMap(({ id, label, candidate, baseline }) => {
    const [now, before] = [onlyResult(candidate)?.prediction, onlyResult(baseline)?.prediction];
    return label === undefined || now === undefined || before === undefined ? [] : [{ id, label, before, now }];
  });

/** Rows are the labels, columns the predictions. */
function describeConfusion(answers: readonly Answer[]): Pick<CaseChanges, "confusion"> {
  const labels = [...new Set(answers.flatMap(({ label, before, now }) => [label, before, now]))].sort();
  if (labels.length < 2 || labels.length > MAX_CLASSES) return {};
  const count = (predicted: (answer: Answer) => string): number[][] => {
    const matrix = labels.map(() => labels.map(() => 0));
    for (const answer of answers) {
      const row = matrix[labels.indexOf(answer.label)];
      const column = labels.indexOf(predicted(answer));
      if (row !== undefined) row[column] = (row[column] ?? 0) + 1;
    }
    return matrix;
  };
  return { confusion: { labels, baseline: count(({ before }) => before), candidate: count(({ now }) => now) } };
}
