/** A workflow file as far as the doctor looks at it. What is written in an unknown way is left out: other tools check syntax. */
import type { Place } from "../../problem/problem.ts";
import type { Document, DocumentPath } from "../../text/document/document.ts";
import { readYaml } from "../../text/yaml/read-yaml.ts";

export interface Workflow {
  readonly file: string;
  /** By name of the event, what is written about it. */
  readonly on: ReadonlyMap<string, Mapping>;
  readonly permissions: Permissions | undefined;
  readonly concurrency: Concurrency | undefined;
  readonly env: Mapping;
  readonly jobs: readonly Job[];
  readonly placeOf: (path: DocumentPath) => Place;
}

export interface Job {
  readonly id: string;
  /** What its check is called. */
  readonly name: string;
  readonly condition: string | undefined;
  readonly needs: readonly string[];
  readonly permissions: Permissions | undefined;
  readonly concurrency: Concurrency | undefined;
  readonly environment: string | undefined;
  /** As written; text with an expression stays one. */
  readonly runsOn: readonly string[];
  readonly timeoutMinutes: number | undefined;
  readonly continuesOnError: boolean;
  readonly hasMatrix: boolean;
  /** A reusable workflow, and whether it gets all secrets. */
  readonly uses: string | undefined;
  readonly inheritsSecrets: boolean;
  readonly env: Mapping;
  readonly steps: readonly Step[];
  readonly place: Place;
}

export interface Step {
  readonly uses: string | undefined;
  readonly run: string | undefined;
  readonly condition: string | undefined;
  readonly continuesOnError: boolean;
  readonly with: Mapping;
  readonly env: Mapping;
  readonly place: Place;
}

export interface Concurrency {
  readonly cancels: boolean;
}

export type Mapping = Readonly<Record<string, unknown>>;
/** `read-all` and `write-all` are kept as they are. */
export type Permissions = "read-all" | "write-all" | Readonly<Record<string, string>>;

/** @throws ActionError `workflow-…` with line and column for what is no YAML, or no mapping */
export function readWorkflow(text: string, file: string): Workflow {
  const document = readYaml(text, file, "workflow");
  const root = toMapping(document.value);
  return {
    file,
    on: readTriggers(root["on"]),
    permissions: readPermissions(root["permissions"]),
    concurrency: readConcurrency(root["concurrency"]),
    env: toMapping(root["env"]),
    jobs: Object.entries(toMapping(root["jobs"])).map(([id, job]) => readJob(id, toMapping(job), document)),
    placeOf: (path) => document.placeOf(path, "key"),
  };
}

function readTriggers(value: unknown): Workflow["on"] {
  if (typeof value === "string") return new Map([[value, {}]]);
  if (Array.isArray(value)) return new Map(value.map((event) => [String(event), {}]));
  return new Map(Object.entries(toMapping(value)).map(([event, filter]) => [event, toMapping(filter)]));
}

function readJob(id: string, job: Mapping, document: Document): Job {
  const at = ["jobs", id];
  const environment = job["environment"];
  return {
    id,
    name: readText(job["name"]) ?? id,
    condition: readText(job["if"]),
    needs: toTexts(job["needs"]),
    permissions: readPermissions(job["permissions"]),
    concurrency: readConcurrency(job["concurrency"]),
    environment: readText(environment) ?? readText(toMapping(environment)["name"]),
    runsOn: readRunners(job["runs-on"]),
    timeoutMinutes: typeof job["timeout-minutes"] === "number" ? job["timeout-minutes"] : undefined,
    continuesOnError: isOn(job["continue-on-error"]),
    hasMatrix: toMapping(job["strategy"])["matrix"] !== undefined,
    uses: readText(job["uses"]),
    inheritsSecrets: job["secrets"] === "inherit",
    env: toMapping(job["env"]),
    steps: toList(job["steps"]).map((step, index) =>
      readStep(toMapping(step), document.placeOf([...at, "steps", index])),
    ),
    place: document.placeOf(at, "key"),
  };
}

const readStep = (step: Mapping, place: Place): Step => ({
  uses: readText(step["uses"]),
  run: readText(step["run"]),
  condition: readText(step["if"]),
  continuesOnError: isOn(step["continue-on-error"]),
  with: toMapping(step["with"]),
  env: toMapping(step["env"]),
  place,
});

function readRunners(value: unknown): readonly string[] {
  const group = toMapping(value);
  return value === group ? [...toTexts(group["group"]), ...toTexts(group["labels"])] : toTexts(value);
}

function readPermissions(value: unknown): Permissions | undefined {
  if (value === "read-all" || value === "write-all") return value;
  if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
  return Object.fromEntries(Object.entries(value).map(([name, access]) => [name, String(access)]));
}

function readConcurrency(value: unknown): Concurrency | undefined {
  if (value === undefined || value === null) return undefined;
  return { cancels: isOn(toMapping(value)["cancel-in-progress"]) };
}

/** An expression may be true. */
const isOn = (value: unknown): boolean => value === true || (typeof value === "string" && value.includes("${{"));

const readText = (value: unknown): string | undefined =>
  typeof value === "string"
    ? value
    : typeof value === "number" || typeof value === "boolean"
      ? String(value)
      : undefined;

const toList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const toTexts = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).flatMap((each) => readText(each) ?? []);

const toMapping = (value: unknown): Mapping =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Mapping) : {};
