/** The inputs that a workflow declares for `workflow_dispatch`. */
import * as z from "zod";
import { userError } from "../../problem/problem.ts";
import { parseForeignYaml } from "../../text/yaml/parse-foreign-yaml.ts";

export interface DeclaredInput {
  readonly name: string;
  readonly type: "string" | "number" | "boolean" | "choice" | "environment";
  readonly required: boolean;
  readonly hasDefault: boolean;
  readonly options: readonly string[];
}

export interface DispatchDeclaration {
  readonly inputs: readonly DeclaredInput[];
  /** `run-name:` as in the file, or empty. */
  readonly runName: string;
}

/** GitHub's own limit for a workflow file is 500 KB (docs, "Workflow syntax"). */
const MAX_WORKFLOW_LENGTH = 512 * 1024;

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const declaredInput = z.looseObject({
  type: z.enum(["string", "number", "boolean", "choice", "environment"]).default("string"),
  required: z.boolean().default(false),
  default: z.unknown().optional(),
  options: z.array(text).default([]),
});
const dispatch = z.looseObject({ inputs: z.record(z.string(), declaredInput.nullable()).nullish() }).nullable();
const workflow = z.looseObject({ on: z.unknown(), "run-name": text.optional() });

/**
 * GitHub has accepted this file with a lenient parser, so it is parsed leniently here too, unlike our own files.
 *
 * @throws ActionError `dispatch-unreadable`, or `dispatch-not-offered` when it has no `workflow_dispatch`
 */
export function parseDispatchDeclaration(source: string, file: string): DispatchDeclaration {
  const parsed = workflow.safeParse(parseForeignYaml(source, MAX_WORKFLOW_LENGTH));
  const on = parsed.success ? parsed.data.on : undefined;
  const trigger = dispatch.safeParse(findDispatchTrigger(on));
  if (!parsed.success || on === undefined || on === null) throw unreadable(file);
  if (findDispatchTrigger(on) === undefined) throw notDispatchable(file);
  if (!trigger.success) throw unreadable(file);
  const inputs = Object.entries(trigger.data?.inputs ?? {}).map(([name, declared]): DeclaredInput => {
    const input = declared ?? declaredInput.parse({});
    const hasDefault = input.default !== undefined && input.default !== null;
    return { name, type: input.type, required: input.required, hasDefault, options: input.options };
  });
  return { inputs, runName: parsed.data["run-name"] ?? "" };
}

/** Whether a run of this workflow can be found by the request id: it takes the id as an input and shows it in its title. */
export const isFindable = ({ inputs, runName }: DispatchDeclaration): boolean =>
  inputs.some(({ name }) => name === "request") && /\binputs\.request\b/.test(runName);

/** `undefined` when there is none; `null` for one without settings. */
function findDispatchTrigger(on: unknown): unknown {
  if (on === "workflow_dispatch") return null;
  if (Array.isArray(on)) return on.includes("workflow_dispatch") ? null : undefined;
  if (typeof on !== "object" || on === null) return undefined;
  return (on as Readonly<Record<string, unknown>>)["workflow_dispatch"];
}

const unreadable = (file: string): Error =>
  userError({
    code: "dispatch-unreadable",
    message: "this workflow file cannot be read",
    place: { file },
    fix: "Check that it is valid: its page under Actions shows GitHub's errors",
  });

const notDispatchable = (file: string): Error =>
  userError({
    code: "dispatch-not-offered",
    message: "this workflow cannot be dispatched",
    place: { file },
    fix: 'Add "workflow_dispatch:" under "on:", on the default branch too',
  });
