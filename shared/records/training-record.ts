/** One training: what ran on which commit and data, where, for how long, and with what result. */
import type { RecordFormat } from "./record-format.ts";
import { TRAINING_RECORD_1, type TrainingRecord1, trainingRecord1 } from "./training-record-1.ts";
import { TRAINING_RECORD_2, type TrainingRecord2, trainingRecord2 } from "./training-record-2.ts";

export type TrainingRecord = TrainingRecord2;
export const TRAINING_RECORD = TRAINING_RECORD_2;

export const trainingRecord: RecordFormat<TrainingRecord1, TrainingRecord> = {
  kind: "training-record",
  writer: "train-model",
  schemas: { 1: trainingRecord1, 2: trainingRecord2 },
  upgrade: (record) => ({ ...record, schema: TRAINING_RECORD_2 }),
  downgrade: (record) => ({ ...record, schema: TRAINING_RECORD_1 }),
};
