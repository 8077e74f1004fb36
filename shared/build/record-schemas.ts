/** JSON Schemas of the records, of both versions. What occurs in several places is a definition, and written once. */
import * as z from "zod";
import { dataReport } from "../records/data-report.ts";
import { commit, digest, utcTimestamp } from "../records/fields-1.ts";
import {
  evidenceItem,
  guarantee,
  metric2,
  metricHistory,
  origin2,
  person,
  recordedProblem,
  runProof,
  storedFile,
} from "../records/fields-2.ts";
import { location } from "../records/location.ts";
import { modelVersionRecord } from "../records/model-version.ts";
import { anyPlan } from "../records/promotion-plan.ts";
import { environmentState, promotionPlan2 } from "../records/promotion-plan-2.ts";
import { promotionRecord } from "../records/promotion-record.ts";
import { repairPlan2 } from "../records/repair-plan-2.ts";
import { trainingRecord } from "../records/training-record.ts";
import { verdictRecord } from "../records/verdict.ts";
import { ruling2, statistics, waiver } from "../records/verdict-2.ts";

/** All kinds of records. */
export const FORMATS = [dataReport, modelVersionRecord, anyPlan, promotionRecord, trainingRecord, verdictRecord];

/** By the names that they have under `$defs`. */
const DEFINITIONS = {
  ...{ environmentState, evidenceItem, guarantee, location, metricHistory, person, recordedProblem, runProof },
  ...{ statistics, storedFile, waiver },
  ...{ commit, digest, utcTimestamp },
  metric: metric2,
  origin: origin2,
  plan: promotionPlan2,
  repairPlan: repairPlan2,
  ruling: ruling2,
};

/** By the name of the file: every key that is not optional is present. */
export function buildRecordSchemas(): Readonly<Record<string, unknown>> {
  const entries = FORMATS.flatMap(({ kind, schemas }) =>
    ([1, 2] as const).map((version): [string, unknown] => {
      const { $schema, ...rest } = z.toJSONSchema(schemas[version], {
        io: "output",
        target: "draft-2020-12",
        // Version 1 was published without definitions, and stays as it is.
        ...(version === 2 && { metadata: new NamedSchemas(schemas[version]) }),
      });
      return [`${kind}-${version}`, { $schema, title: `mlops-actions ${kind}@${version}`, ...rest }];
    }),
  );
  return Object.fromEntries(entries);
}

const names = new Map<unknown, string>(Object.entries(DEFINITIONS).map(([name, schema]) => [schema, name]));

/** The registry of descriptions, in which these schemas have names as well. */
class NamedSchemas extends z.core.$ZodRegistry<z.core.GlobalMeta> {
  /** The schema itself, or the kinds that it consists of. */
  readonly #roots: ReadonlySet<unknown>;

  constructor(root: z.ZodType) {
    super();
    this.#roots = new Set([root, ...(root instanceof z.ZodDiscriminatedUnion ? root.options : [])]);
  }

  override get<Schema extends z.core.$ZodType>(schema: Schema) {
    const meta = z.globalRegistry.get(schema);
    const id = names.get(schema);
    return id === undefined || this.#roots.has(schema) ? meta : ({ ...meta, id } as typeof meta);
  }
}
