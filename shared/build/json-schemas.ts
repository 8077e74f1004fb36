/** JSON Schemas of everything a user writes or a tool reads: for editors and for other languages. */
import * as z from "zod";
import { contract } from "../core/data/contract.ts";
import { policy } from "../core/policy/policy.ts";
import { dataReport } from "../records/data-report.ts";
import { modelVersionRecord } from "../records/model-version.ts";
import { promotionPlan, promotionRecord } from "../records/promotion-record.ts";
import { trainingRecord } from "../records/training-record.ts";
import { verdict } from "../records/verdict.ts";

/** What users write: a key that has a default may be left out. */
const USER_FILE_SCHEMAS = { contract, policy };
/** What the actions write: every key is present. */
const RECORD_SCHEMAS = {
  "data-report": dataReport,
  "model-version": modelVersionRecord,
  "promotion-plan": promotionPlan,
  "promotion-record": promotionRecord,
  "training-record": trainingRecord,
  verdict,
};

/** By the name of the file. */
export function buildJsonSchemas(): Readonly<Record<string, unknown>> {
  return { ...convert(USER_FILE_SCHEMAS, "input"), ...convert(RECORD_SCHEMAS, "output") };
}

function convert(schemas: Readonly<Record<string, z.ZodType>>, io: "input" | "output"): Record<string, unknown> {
  const entries = Object.entries(schemas).map(([name, schema]): [string, unknown] => {
    const { $schema, ...rest } = z.toJSONSchema(schema, { io, target: "draft-2020-12" });
    return [name, { $schema, title: `mlops-actions ${name}`, ...rest }];
  });
  return Object.fromEntries(entries);
}
