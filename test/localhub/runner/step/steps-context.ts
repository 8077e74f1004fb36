/** The `steps` context of a job or of one composite action: outputs and results of the steps that have an id. */

import type { Json } from "../../workflow-language/values.ts";
import type { StepConclusion } from "../job.ts";

export interface StepsContext {
  setOutput(id: string | undefined, name: string, value: string): void;
  setResult(id: string | undefined, outcome: StepConclusion, conclusion: StepConclusion): void;
  toJson(): Readonly<Record<string, Json>>;
}

interface StepRecord {
  readonly id: string;
  /** By lower-case name; names keep the case they were first set with. */
  readonly outputs: Map<string, { readonly name: string; value: string }>;
  outcome: StepConclusion | undefined;
  conclusion: StepConclusion | undefined;
}

export function createStepsContext(): StepsContext {
  const records = new Map<string, StepRecord>();

  function recordOf(id: string): StepRecord {
    const key = id.toLowerCase();
    const record = records.get(key) ?? { id, outputs: new Map(), outcome: undefined, conclusion: undefined };
    records.set(key, record);
    return record;
  }

  return {
    setOutput(id, name, value) {
      if (id === undefined) return;
      const { outputs } = recordOf(id);
      const key = name.toLowerCase();
      outputs.set(key, { name: outputs.get(key)?.name ?? name, value });
    },
    setResult(id, outcome, conclusion) {
      if (id === undefined) return;
      Object.assign(recordOf(id), { outcome, conclusion });
    },
    toJson: () =>
      Object.fromEntries(
        [...records.values()].map(({ id, outputs, outcome, conclusion }) => [
          id,
          {
            outputs: Object.fromEntries([...outputs.values()].map(({ name, value }) => [name, value])),
            ...(outcome === undefined || conclusion === undefined ? {} : { outcome, conclusion }),
          },
        ]),
      ),
  };
}
