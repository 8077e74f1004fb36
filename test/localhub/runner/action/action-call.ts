import type { StepCall } from "../step/step-call.ts";

/** A `uses:` step about to be executed, with its inputs resolved. */
export interface ActionCall extends StepCall {
  readonly inputs: Readonly<Record<string, string>>;
}
