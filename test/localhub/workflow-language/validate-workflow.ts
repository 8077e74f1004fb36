/** Rules that GitHub's service enforces and its parser package does not. Messages are GitHub's where one is known. */
import { orderByDependencies } from "./dependency-order.ts";
import { githubParser } from "./github-parser.ts";
import { expandMatrix, MatrixError } from "./matrix.ts";
import type { FileError } from "./model.ts";
import { patternError } from "./ref-patterns.ts";
import { isList, isMapping, type Json } from "./values.ts";
import type { YamlPath, YamlSource } from "./yaml-source.ts";

type Mapping = Readonly<Record<string, Json>>;
interface LocatedError {
  readonly path: YamlPath;
  readonly message: string;
}

export function validateWorkflow(
  source: YamlSource,
  limits: { readonly dispatchInputs: number },
): readonly FileError[] {
  const workflow = mapping(source.value);
  const found = [
    ...validateTriggers(mapping(workflow["on"]), limits),
    ...validateConcurrency(["concurrency"], workflow["concurrency"]),
    ...validateJobs(mapping(workflow["jobs"])),
    ...validateNeeds(workflow["jobs"]),
  ];
  return found.map(({ path, message }) => source.errorAt(path, message));
}

function* validateTriggers(on: Mapping, limits: { readonly dispatchInputs: number }): Iterable<LocatedError> {
  for (const [event, value] of Object.entries(on)) {
    yield* validateFilter(event, mapping(value));
  }
  const dispatch = mapping(mapping(on["workflow_dispatch"])["inputs"]);
  if (Object.keys(dispatch).length > limits.dispatchInputs) {
    yield {
      path: ["on", "workflow_dispatch", "inputs"],
      message: `you may only define up to ${limits.dispatchInputs} \`inputs\` for a \`workflow_dispatch\` event`,
    };
  }
  for (const [name, input] of Object.entries(dispatch)) {
    yield* validateChoiceInput(["on", "workflow_dispatch", "inputs", name], mapping(input));
  }
  for (const [name, input] of Object.entries(mapping(mapping(on["workflow_call"])["inputs"]))) {
    yield* validateCallDefault(["on", "workflow_call", "inputs", name, "default"], mapping(input));
  }
  for (const [index, entry] of list(on["schedule"]).entries()) {
    const cron = mapping(entry)["cron"];
    if (typeof cron === "string" && !githubParser().isValidCron(cron)) {
      yield {
        path: ["on", "schedule", index, "cron"],
        message: `Invalid cron expression ${JSON.stringify(cron)}: write five fields, minute hour day month weekday`,
      };
    }
  }
}

function* validateFilter(event: string, filter: Mapping): Iterable<LocatedError> {
  for (const kind of ["branches", "tags", "paths"]) {
    if (filter[kind] !== undefined && filter[`${kind}-ignore`] !== undefined) {
      yield {
        path: ["on", event, `${kind}-ignore`],
        message: `you may only define one of \`${kind}\` and \`${kind}-ignore\` for a single event`,
      };
    }
    for (const key of [kind, `${kind}-ignore`]) {
      for (const [index, pattern] of list(filter[key]).entries()) {
        const error = typeof pattern === "string" ? patternError(pattern) : undefined;
        if (error !== undefined) yield { path: ["on", event, key, index], message: error };
      }
    }
  }
}

function* validateChoiceInput(path: YamlPath, input: Mapping): Iterable<LocatedError> {
  if (input["type"] === "choice" && list(input["options"]).length === 0) {
    yield { path, message: "Missing 'options' for choice input" };
  }
  if (input["type"] !== "choice" && input["options"] !== undefined) {
    yield { path, message: "Input type is not 'choice', but 'options' is defined" };
  }
}

/** The default of a called workflow's input must have the input's type; `workflow_dispatch` accepts any text. */
function* validateCallDefault(path: YamlPath, input: Mapping): Iterable<LocatedError> {
  const { type, default: value } = input;
  if (value === undefined || value === null || (typeof value === "string" && value.includes("${{"))) return;
  if ((type === "boolean" || type === "number") && typeof value !== type) {
    yield { path, message: `Unexpected value '${String(value)}': the default of a ${type} input must be a ${type}` };
  }
}

function* validateJobs(jobs: Mapping): Iterable<LocatedError> {
  for (const [id, value] of Object.entries(jobs)) {
    const job = mapping(value);
    const uses = job["uses"];
    const callError = typeof uses === "string" ? callReferenceError(uses) : undefined;
    if (callError !== undefined) yield { path: ["jobs", id, "uses"], message: callError };
    yield* validateConcurrency(["jobs", id, "concurrency"], job["concurrency"]);
    yield* validateMatrix(["jobs", id, "strategy", "matrix"], mapping(job["strategy"])["matrix"]);
    yield* validateSteps(["jobs", id, "steps"], list(job["steps"]));
  }
}

/** A matrix without expressions is checked here; one with expressions when its job is about to start. */
function* validateMatrix(path: YamlPath, matrix: Json | undefined): Iterable<LocatedError> {
  if (!isMapping(matrix) || JSON.stringify(matrix).includes("${{")) return;
  try {
    expandMatrix(matrix);
  } catch (error) {
    if (!(error instanceof MatrixError)) throw error;
    yield { path: [...path, ...error.path], message: error.message };
  }
}

function* validateNeeds(jobs: Json | undefined): Iterable<LocatedError> {
  if (!isMapping(jobs)) return;
  if (Object.keys(jobs).length === 0) {
    yield { path: ["jobs"], message: "The workflow must contain at least one job with no dependencies." };
  }
  const order = orderByDependencies(
    Object.entries(jobs).map(([id, job]) => ({ id, needs: list(mapping(job)["needs"]).filter(isText) })),
  );
  for (const { job, need, reason } of order.kind === "unsatisfiable" ? order.errors : []) {
    const needs = mapping(jobs[job])["needs"];
    yield {
      path: isList(needs) ? ["jobs", job, "needs", needs.indexOf(need)] : ["jobs", job, "needs"],
      message:
        reason === "unknown"
          ? `Job '${job}' depends on unknown job '${need}'.`
          : `Job '${job}' depends on job '${need}' which creates a cycle in the dependency graph.`,
    };
  }
}

/** actions/runner, WorkflowTemplateConverter: the name of a concurrency group has at most 400 characters. */
function* validateConcurrency(path: YamlPath, concurrency: Json | undefined): Iterable<LocatedError> {
  const group = isMapping(concurrency) ? concurrency["group"] : concurrency;
  if (typeof group === "string" && !group.includes("${{") && group.length > 400) {
    yield { path, message: "Concurrency group name must be less than 400 characters" };
  }
}

/** Also for the steps of composite actions. */
export function* validateSteps(path: YamlPath, steps: readonly Json[]): Iterable<LocatedError> {
  const ids = new Set<string>();
  for (const [index, value] of steps.entries()) {
    const step = mapping(value);
    const { id, uses } = step;
    if (typeof id === "string") {
      // GitHub compares ids without regard to case; its parser package finds only exact duplicates.
      if (ids.has(id.toLowerCase())) {
        yield {
          path: [...path, index, "id"],
          message: `The identifier '${id}' may not be used more than once within the same scope.`,
        };
      }
      ids.add(id.toLowerCase());
    }
    if (typeof uses === "string" && !isActionReference(uses)) {
      yield {
        path: [...path, index, "uses"],
        message: `Expected format {org}/{repo}[/path]@ref. Actual '${uses}'`,
      };
    }
    if (typeof step["with"] === "string") {
      yield {
        path: [...path, index, "with"],
        message: "'with' must be a mapping; a single expression in its place is not supported here",
      };
    }
  }
}

function isActionReference(uses: string): boolean {
  if (/^(?:\.[/\\]|\$\/|docker:\/\/)/.test(uses)) return true;
  const [path = "", ref = "", ...more] = uses.split("@");
  const [owner, name] = path.split(/[/\\]/).filter((segment) => segment !== "");
  return owner !== undefined && name !== undefined && ref !== "" && more.length === 0;
}

function callReferenceError(uses: string): string | undefined {
  const prefix = "invalid value workflow reference: ";
  const local = uses.startsWith("./") || uses.startsWith("$/");
  if (local && uses.includes("@")) return `${prefix}cannot specify version when calling local workflows`;
  const [file = "", version] = uses.split("@");
  const rooted = local ? file.slice(2) : file.split("/").slice(2).join("/");
  if (!local && file.split("/").length < 3) {
    return `${prefix}references to workflows must be prefixed with format 'owner/repository/' or './'`;
  }
  if (!/^\.github\/workflows\/[^/]+\.ya?ml$/.test(rooted)) {
    return `${prefix}references to workflows must be rooted in '.github/workflows' and end in .yml or .yaml`;
  }
  return local || version ? undefined : `${prefix}no version specified`;
}

function mapping(value: Json | undefined): Mapping {
  return isMapping(value) ? value : {};
}

/** A single value counts as a list of one, as on GitHub. */
function list(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  return isList(value) ? value : [value];
}

function isText(value: Json): value is string {
  return typeof value === "string";
}
