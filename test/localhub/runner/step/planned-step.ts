/** The planned steps of a job: each with the code of its action, as far as it is known before the job starts. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ActionFile, StepDefinition } from "../../workflow-language/model.ts";
import { readAction } from "../../workflow-language/read-action.ts";
import type { ActionSource, BuiltinActionHandler, BuiltinOutcome } from "../job.ts";

export interface PlannedStep {
  readonly definition: StepDefinition;
  /** `github.action`: the id, or a name made from what the step runs. */
  readonly contextName: string;
  /** The number of composite actions around the step. */
  readonly depth: number;
  /** Values from `GITHUB_STATE`, shared by pre, main and post. */
  readonly state: Map<string, string>;
  /** Set from the start for actions of repositories; for those of the workspace when the step is executed. */
  action: LoadedAction | undefined;
  /** The step's main or pre has started, so its post must run. */
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

/** An action that the local GitHub implements itself. */
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
 * Plans the steps and fetches the actions of repositories, also those that composite actions use. `home` is the
 * repository of the file with the steps, to which `$/` refers; without it the source decides.
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

/** `$/path` with its repository and commit. */
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

/** The repository and ref of `owner/repo/path@ref`. */
function originOf(uses: string): ActionOrigin {
  const [name = "", ref = ""] = uses.split("@");
  return { repository: name.split("/").slice(0, 2).join("/"), ref };
}

/** `__run`, `__run_2`, `__actions_checkout`, `__self`: GitHub's names for steps without an id. */
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

/** Whether the step has a pre step. Actions of the workspace do not exist yet before the first step. */
export function hasPre({ action }: PlannedStep): boolean {
  if (action?.kind !== "files" || action.origin === undefined) return false;
  return action.file.runs.kind === "javascript" ? action.file.runs.pre !== undefined : action.steps.some(hasPre);
}

/** Whether the step may have a post step; a local action that is not loaded yet may have one. */
export function hasPost({ action, definition }: PlannedStep): boolean {
  if (action === undefined) return definition.kind === "uses";
  const { runs } = action.file;
  if (runs.kind === "javascript") return runs.post !== undefined;
  return action.kind === "files" && action.steps.some(hasPost);
}
