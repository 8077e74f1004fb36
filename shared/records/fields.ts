/** The types of fields that records have in common, as every action has them in memory: those of version 2. */
import type * as z from "zod";
import type { file } from "./fields-1.ts";
import type { coveredPattern, metric2, origin2 } from "./fields-2.ts";

export type FileRecord = z.infer<typeof file>;
export type Origin = z.infer<typeof origin2>;
export type Metric = z.infer<typeof metric2>;
export type CoveredPattern = z.infer<typeof coveredPattern>;
