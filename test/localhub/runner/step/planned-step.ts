/** The steps of a job as they will be run: each with the code of its action, as far as that is known beforehand. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ActionFile, StepDefinition } from "../../workflow-language/model.ts";
import { readAction } from "../../workflow-language/read-action.ts";
import type { ActionSource, BuiltinActionHandler, BuiltinOutcome } from "../job.ts";

export interface PlannedStep {
  readonly definition: StepDefinition;
  /** `github.action`: the id, or a name made from what the step runs. */
  readonly contextName: string;
  /** How many composite actions stand around the step. */
  readonly depth: number;
  /** What `GITHUB_STATE` keeps between pre, main and post. */
  readonly state: Map<string, string>;
  /** Set from the start for actions of repositories, when the step's turn has come for those of the workspace. */
  action: LoadedAction | undefined;
  /** The step's main or pre has begun, so its post is due. */
  started: boolean;
}

export type LoadedAction = FileAction | LoadedBuiltinAction;

export interface FileAction {
  readonly kind: "files";
  readonly file: ActionFile;
  readonly directory: string;
  /** Where the action comes from; absent for actions of the workspace. */
  readonly origin: ActionOrigin | undefined;
  /** The steps of a composite action. */
  readonly steps: readonly PlannedStep[];
}

/** An action that the hub plays itself. */
export interface LoadedBuiltinAction {
  readonly kind: "builtin";
  readonly file: ActionFile;
  readonly origin: ActionOrigin;
  readonly run: BuiltinActionHandler;
  post: BuiltinOutcome["post"];
}

export interface ActionOrigin {
  readonly repository: string;
  readonly ref: string;
}

/** actions/runner, `Constants.CompositeActionsMaxDepth`. */
const MAX_COMPOSITE_DEPTH = 9;

/**
 * Plans the steps and fetches the actions of repositories, also those that composite actions use. `home` is where the
 * steps stand written, what `$/` means in them; without it the source decides.
 * @throws Error when an action does not exist, is not valid or cannot be run here.
 */
export async function planSteps(
  definitions: readonly StepDefinition[],
  source: ActionSource,
  home: ActionOrigin | undefined,
  depth = 0,
): Promise<readonly PlannedStep[]> {
  if (depth > MAX_COMPOSITE_DEPTH) throw new Error(`Composite action depth exceeded max depth ${MAX_COMPOSITE_DEPTH}`);
  const names = contextNames(definitions);
  return Promise.all(
    definitions.map(async (definition, index): Promise<PlannedStep> => {
      const isRemote = definition.kind === "uses" && !isLocal(definition.uses);
      return {
        definition,
        contextName: names[index] ?? "",
        depth,
        state: new Map(),
        action: isRemote ? await fetchAction(atHome(definition.uses, home), source, depth) : undefined,
        started: false,
      };
    }),
  );
}

/** Loads the action of a `uses: ./path` step from the workspace, once. @throws Error when there is none. */
export async function loadLocalAction(
  step: PlannedStep,
  uses: string,
  workspace: string,
  source: ActionSource,
): Promise<LoadedAction> {
  step.action ??= await loadFiles(join(workspace, uses), undefined, source, step.depth);
  return step.action;
}

export function isLocal(uses: string): boolean {
  return uses.startsWith("./") || uses.startsWith(".\\");
}

/** `$/path` with the repository and commit it stands for. */
function atHome(uses: string, home: ActionOrigin | undefined): string {
  return uses.startsWith("$/") && home !== undefined ? `${home.repository}${uses.slice(1)}@${home.ref}` : uses;
}

async function fetchAction(uses: string, source: ActionSource, depth: number): Promise<LoadedAction> {
  if (uses.startsWith("docker://")) throw new Error(`${uses}: this local GitHub runs no containers`);
  const fetched = await source.fetch(uses);
  if (fetched.kind === "builtin") {
    return { kind: "builtin", file: fetched.file, origin: originOf(uses), run: fetched.run, post: undefined };
  }
  return loadFiles(fetched.directory, { repository: fetched.repository, ref: fetched.ref }, source, depth);
}

async function loadFiles(
  directory: string,
  origin: ActionOrigin | undefined,
  source: ActionSource,
  depth: number,
): Promise<FileAction> {
  const file = await readActionFile(directory);
  if (file.runs.kind === "docker") {
    throw new Error(`'${file.name}' in '${directory}' is a Docker action; this local GitHub runs no containers`);
  }
  const steps = file.runs.kind === "composite" ? await planSteps(file.runs.steps, source, origin, depth + 1) : [];
  return { kind: "files", file, directory, origin, steps };
}

async function readActionFile(directory: string): Promise<ActionFile> {
  for (const name of ["action.yml", "action.yaml"]) {
    const path = join(directory, name);
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text !== undefined) return readAction(path, text);
  }
  throw new Error(
    `Can't find 'action.yml', 'action.yaml' or 'Dockerfile' under '${directory}'. Did you forget to run actions/checkout before running your local action?`,
  );
}

/** `owner/repo/path@ref` in its parts. */
function originOf(uses: string): ActionOrigin {
  const [name = "", ref = ""] = uses.split("@");
  return { repository: name.split("/").slice(0, 2).join("/"), ref };
}

/** `__run`, `__run_2`, `__actions_checkout`, `__self`: what GitHub calls steps that have no id. */
function contextNames(definitions: readonly StepDefinition[]): readonly string[] {
  const used = new Map<string, number>();
  return definitions.map((definition) => {
    if (definition.id !== undefined) return definition.id;
    const base = definition.kind === "run" ? "__run" : contextNameOf(definition.uses);
    const count = (used.get(base) ?? 0) + 1;
    used.set(base, count);
    return count === 1 ? base : `${base}_${count}`;
  });
}

function contextNameOf(uses: string): string {
  if (isLocal(uses) || uses.startsWith("$/")) return "__self";
  return `__${originOf(uses).repository.replaceAll(/[^A-Za-z0-9-]/g, "_")}`;
}

/** Whether anything has to be done before the first step. Actions of the workspace are not there yet. */
export function hasPre({ action }: PlannedStep): boolean {
  if (action?.kind !== "files" || action.origin === undefined) return false;
  return action.file.runs.kind === "javascript" ? action.file.runs.pre !== undefined : action.steps.some(hasPre);
}

/** Whether anything may have to be done after the last step; a local action that is not loaded yet may have a post. */
export function hasPost({ action, definition }: PlannedStep): boolean {
  if (action === undefined) return definition.kind === "uses";
  const { runs } = action.file;
  if (runs.kind === "javascript") return runs.post !== undefined;
  return action.kind === "files" && action.steps.some(hasPost);
}
