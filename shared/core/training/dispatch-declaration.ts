/** What a workflow says it takes when it is dispatched. */
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
  /** `run-name:` as it is written, or empty. */
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
 * GitHub has accepted this file, and read it more leniently than we read our own: so it is read leniently here.
 *
 * @throws ActionError `dispatch-unreadable`, or `dispatch-not-offered` when it has no `workflow_dispatch`
 */
export function parseDispatchDeclaration(source: string, file: string): DispatchDeclaration {
  const read = workflow.safeParse(parseForeignYaml(source, MAX_WORKFLOW_LENGTH));
  const on = read.success ? read.data.on : undefined;
  const offered = dispatch.safeParse(findDispatchTrigger(on));
  if (!read.success || on === undefined || on === null) throw unreadable(file);
  if (findDispatchTrigger(on) === undefined) throw notOffered(file);
  if (!offered.success) throw unreadable(file);
  const inputs = Object.entries(offered.data?.inputs ?? {}).map(([name, given]): DeclaredInput => {
    const input = given ?? declaredInput.parse({});
    const hasDefault = input.default !== undefined && input.default !== null;
    return { name, type: input.type, required: input.required, hasDefault, options: input.options };
  });
  return { inputs, runName: read.data["run-name"] ?? "" };
}

/** `undefined` when it is not there; `null` when it is there without settings. */
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
    fix: "Check that it is valid: its page under Actions shows what GitHub thinks of it",
  });

const notOffered = (file: string): Error =>
  userError({
    code: "dispatch-not-offered",
    message: "this workflow cannot be dispatched",
    place: { file },
    fix: 'Add "workflow_dispatch:" under "on:", on the default branch too',
  });
