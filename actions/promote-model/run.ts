/** The story of promote-model: a plan in one job, people approve, and in the next job it begins, the job deploys, and it is committed. */
import type { ActionBody } from "../../shared/action/run-action.ts";
import { apply } from "./apply.ts";
import { begin } from "./begin.ts";
import { commit } from "./commit.ts";
import { plan } from "./plan.ts";
import type { Ports } from "./ports.ts";
import type { spec } from "./spec.ts";

const MODES = { plan, begin, commit, apply } as const;

export const run: ActionBody<typeof spec, Ports> = (job) => MODES[job.inputs.mode](job);
