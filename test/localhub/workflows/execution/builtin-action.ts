/** Defines an action that the local GitHub implements, with metadata from the defaults of its inputs. */
import type { BuiltinActionHandler, FetchedAction } from "../../runner/job.ts";
import type { ActionFile } from "../../workflow-language/model.ts";

export interface BuiltinActionDefinition {
  readonly name: string;
  /** The default of every input. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: readonly string[];
  /** The action has a post step. */
  readonly post?: boolean;
  readonly run: BuiltinActionHandler;
}

export function defineBuiltinAction({ name, inputs, outputs, post, run }: BuiltinActionDefinition): FetchedAction {
  const file: ActionFile = {
    name,
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([input, value]) => [
        input,
        { required: false, default: value, deprecationMessage: undefined },
      ]),
    ),
    outputs: Object.fromEntries(outputs.map((output) => [output, { value: undefined }])),
    runs: {
      ...{ kind: "javascript", using: "node24", main: "main", pre: undefined, post: post ? "post" : undefined },
      ...{ preIf: "always()", postIf: "always()" },
    },
  };
  return { kind: "builtin", file, run };
}

/** The value of an input, found without regard to case. */
export function getInput(inputs: Readonly<Record<string, string>>, name: string): string {
  const key = Object.keys(inputs).find((each) => each.toLowerCase() === name);
  return key === undefined ? "" : (inputs[key] ?? "").trim();
}
