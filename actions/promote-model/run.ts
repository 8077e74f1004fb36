/** The story of promote-model has two halves, in two jobs; between them people decide. */
import type { ActionBody } from "../../shared/action/run-action.ts";
import { apply } from "./apply.ts";
import { plan } from "./plan.ts";
import type { Ports } from "./ports.ts";
import type { spec } from "./spec.ts";

export const run: ActionBody<typeof spec, Ports> = (scene) =>
  scene.inputs.mode === "plan" ? plan(scene) : apply(scene);
