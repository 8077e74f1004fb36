/** A registered version of a model: its digest, its lineage, and who is responsible for it. */
import { MODEL_VERSION_1, type ModelVersionRecord1, modelVersionRecord1 } from "./model-version-1.ts";
import { MODEL_VERSION_2, type ModelVersionRecord2, modelVersionRecord2 } from "./model-version-2.ts";
import type { RecordFormat } from "./record-format.ts";

export type ModelVersionRecord = ModelVersionRecord2;
export const MODEL_VERSION = MODEL_VERSION_2;

export const modelVersionRecord: RecordFormat<ModelVersionRecord1, ModelVersionRecord> = {
  kind: "model-version",
  writer: "register-model",
  schemas: { 1: modelVersionRecord1, 2: modelVersionRecord2 },
  upgrade: (record) => ({ ...record, schema: MODEL_VERSION_2 }),
  downgrade: (record) => ({ ...record, schema: MODEL_VERSION_1 }),
};
