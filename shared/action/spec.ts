/** What an action offers to its users, in one place: everything else about it is generated or inferred from here. */
import type { InputSpec } from "./input.ts";
import type { OutputSpec } from "./output.ts";

export interface ActionSpec<Inputs extends InputSpecs = InputSpecs, Outputs extends OutputSpecs = OutputSpecs> {
  /** The folder under `actions/`, and so the public path. */
  readonly name: string;
  /** One sentence, at most 125 characters: GitHub's Marketplace cuts there. */
  readonly summary: string;
  readonly branding: { readonly icon: string; readonly color: Color };
  readonly inputs: Inputs;
  readonly outputs: Outputs;
  /** Exactly what the token needs, each with the reason; the reason says when only one mode needs it. */
  readonly permissions: Readonly<Record<string, RequiredPermission>>;
  /** Milliseconds after which the action is stopped; an hour unless given. */
  readonly deadline: number;
  /**
   * Whether there is a `post.ts`. GitHub runs it only for an action that its job has reached. `also-unreached`: after a failure, it
   * runs in any case, because it has run before the job's first step as well.
   */
  readonly post: boolean | "also-unreached";
  /** Old input names with the new ones, so that an old workflow fails with the fix. */
  readonly renamed: Readonly<Record<string, string>>;
}

export interface RequiredPermission {
  readonly access: "read" | "write";
  readonly reason: string;
}

type Color = "white" | "black" | "yellow" | "blue" | "green" | "orange" | "red" | "purple" | "gray-dark";
export type InputSpecs = Readonly<Record<string, InputSpec<unknown>>>;
export type OutputSpecs = Readonly<Record<string, OutputSpec<string>>>;

/** The inputs as an action's body gets them: each input's name with the type that its kind parses. */
export type InputsOf<Spec extends ActionSpec> = {
  readonly [Name in keyof Spec["inputs"]]: Spec["inputs"][Name] extends InputSpec<infer Value> ? Value : never;
};

/** The outputs as a body returns them. */
export type OutputsOf<Spec extends ActionSpec> = {
  readonly [Name in keyof Spec["outputs"]]: Spec["outputs"][Name] extends OutputSpec<infer Value> ? Value | "" : never;
};

type ActionDefinition<Inputs extends InputSpecs, Outputs extends OutputSpecs> = Omit<
  ActionSpec<Inputs, Outputs>,
  "deadline" | "post" | "renamed"
> &
  Partial<Pick<ActionSpec, "deadline" | "post" | "renamed">>;

/** Most actions are done in seconds; one that waits for others sets its own deadline. */
const DEFAULT_DEADLINE_MS = 60 * 60_000;

/** @throws Error for a spec that GitHub or our own rules would not accept: when it is written, not when it is used */
export function defineAction<const Inputs extends InputSpecs, const Outputs extends OutputSpecs>(
  parts: ActionDefinition<Inputs, Outputs>,
): ActionSpec<Inputs, Outputs> {
  const names = [parts.name, ...Object.keys(parts.inputs), ...Object.keys(parts.outputs)];
  const malformed = names.find((name) => !/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name));
  if (malformed !== undefined) throw new Error(`${parts.name}: "${malformed}" is not kebab-case`);
  if (parts.summary.length > 125) throw new Error(`${parts.name}: the summary is longer than 125 characters`);
  for (const [old, name] of Object.entries(parts.renamed ?? {})) {
    if (old in parts.inputs || !(name in parts.inputs)) throw new Error(`${parts.name}: bad renaming of "${old}"`);
  }
  for (const [name, input] of Object.entries(parts.inputs)) {
    if (input.default === undefined || input.default.includes("${{")) continue;
    const parsed = input.parse(input.default);
    if ("error" in parsed) throw new Error(`${parts.name}: the default of "${name}" is wrong: ${parsed.error}`);
  }
  return { deadline: DEFAULT_DEADLINE_MS, post: false, renamed: {}, ...parts };
}
