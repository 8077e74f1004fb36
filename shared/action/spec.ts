/** An action's contract, in one place: everything else about its surface is generated or inferred from it. */
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
  /** Exactly what the token needs, each with the reason; what it needs for one mode only says so. */
  readonly permissions: Readonly<Record<string, RequiredPermission>>;
  /** Milliseconds after which the action gives up; an hour unless given. */
  readonly deadline: number;
  /** Whether there is a `post.ts`. */
  readonly post: boolean;
  /** Old input names and the new one, so that an old workflow fails with the answer. */
  readonly renamed: Readonly<Record<string, string>>;
}

export interface RequiredPermission {
  readonly access: "read" | "write";
  readonly reason: string;
}

type Color = "white" | "black" | "yellow" | "blue" | "green" | "orange" | "red" | "purple" | "gray-dark";
export type InputSpecs = Readonly<Record<string, InputSpec<unknown>>>;
export type OutputSpecs = Readonly<Record<string, OutputSpec<string>>>;

/** The inputs as an action's body gets them: each input's name with the type its kind reads. */
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

/** An action that only reads, decides and shows is done in seconds; what waits for others says how long. */
const DEFAULT_DEADLINE_MS = 60 * 60_000;

/** @throws Error for a contract GitHub or our own rules would not take: told when it is written, not when it is used. */
export function defineAction<const Inputs extends InputSpecs, const Outputs extends OutputSpecs>(
  parts: ActionDefinition<Inputs, Outputs>,
): ActionSpec<Inputs, Outputs> {
  const names = [parts.name, ...Object.keys(parts.inputs), ...Object.keys(parts.outputs)];
  const odd = names.find((name) => !/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name));
  if (odd !== undefined) throw new Error(`${parts.name}: "${odd}" is not kebab-case`);
  if (parts.summary.length > 125) throw new Error(`${parts.name}: the summary is longer than 125 characters`);
  for (const [old, name] of Object.entries(parts.renamed ?? {})) {
    if (old in parts.inputs || !(name in parts.inputs)) throw new Error(`${parts.name}: bad renaming of "${old}"`);
  }
  for (const [name, input] of Object.entries(parts.inputs)) {
    if (input.default === undefined || input.default.includes("${{")) continue;
    const reading = input.parse(input.default);
    if ("error" in reading) throw new Error(`${parts.name}: the default of "${name}" is wrong: ${reading.error}`);
  }
  return { deadline: DEFAULT_DEADLINE_MS, post: false, renamed: {}, ...parts };
}
