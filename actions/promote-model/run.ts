/** The story of promote-model has two parts, in two jobs; between them people approve. */
import type { ActionBody } from "../../shared/action/run-action.ts";
import { apply } from "./apply.ts";
import { plan } from "./plan.ts";
import type { Ports } from "./ports.ts";
import type { spec } from "./spec.ts";

export const run: ActionBody<typeof spec, Ports> = (job) => (job.inputs.mode === "plan" ? plan(job) : apply(job));
