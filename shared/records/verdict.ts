/** The gate's result, and exactly what it judged. */
import type { RecordFormat } from "./record-format.ts";
import { VERDICT_1, type Verdict1, verdict1 } from "./verdict-1.ts";
import { VERDICT_2, type Verdict2, verdict2 } from "./verdict-2.ts";

export type Verdict = Verdict2;
export type Ruling = Verdict["rulings"][number];
export const VERDICT = VERDICT_2;

export const verdictRecord: RecordFormat<Verdict1, Verdict> = {
  kind: "verdict",
  writer: "gate-metrics",
  schemas: { 1: verdict1, 2: verdict2 },
  upgrade: (record) => ({ ...record, schema: VERDICT_2 }),
  // Version 1 has no place for why the gate is closed whatever the rules say, but for reviewers.
  downgrade: ({ problems = [], ...record }) => ({
    ...record,
    schema: VERDICT_1,
    notes: [...record.notes, ...problems.map(({ message }) => message)],
  }),
};
