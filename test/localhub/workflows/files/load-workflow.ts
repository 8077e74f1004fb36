/** Follows the calls of a workflow file to every reusable workflow behind it, before anything of the run starts. */

import { type CallJob, type FileFault, InvalidFile, type WorkflowFile } from "../../workflow-language/model.ts";
import { permissionViolations, type TokenPermissions, tokenPermissions } from "../../workflow-language/permissions.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { WORKFLOW_FOLDER, type WorkflowFiles } from "./workflow-files.ts";

/** GitHub docs, "Reusing workflow configurations": the caller and up to nine levels below it. */
export const DEEPEST_CALLS = 10;
/** GitHub docs, "Reusing workflow configurations": unique reusable workflows of one run, nested ones included. */
export const MOST_CALLS = 50;

/** Where a workflow file comes from. */
export interface WorkflowSource {
  readonly repository: Repository;
  readonly path: string;
  /** As it stands behind the `@`: a full ref, or the SHA where a commit was named. */
  readonly ref: string;
  readonly sha: string;
}

/** `owner/repo/path@ref`, as in `workflow_ref`. */
export const referenceOf = (source: WorkflowSource): string =>
  `${source.repository.fullName}/${source.path}@${source.ref}`;

export interface LoadedWorkflow {
  readonly source: WorkflowSource;
  readonly file: WorkflowFile;
  /** The file's text, to point into it. */
  readonly text: string;
  /** What the jobs of kind `call` call, by their keys. */
  readonly calls: ReadonlyMap<string, LoadedWorkflow>;
}

type Entry = Omit<LoadedWorkflow, "calls">;

export interface Loader {
  readonly world: World;
  readonly files: WorkflowFiles;
}

/** @throws InvalidFile with a fault at the calling job that GitHub would refuse. */
export async function loadWorkflow(loader: Loader, entry: Entry): Promise<LoadedWorkflow> {
  return load(loader, entry, [entry.source], new Set(), undefined);
}

/** @param granted What the calling job's token has; absent for the run's own file. */
async function load(
  loader: Loader,
  entry: Entry,
  above: readonly WorkflowSource[],
  seen: Set<string>,
  granted: TokenPermissions | undefined,
): Promise<LoadedWorkflow> {
  const calls = new Map<string, LoadedWorkflow>();
  for (const job of entry.file.jobs) {
    if (job.kind !== "call") continue;
    const called = await open(loader, entry, job);
    const reference = referenceOf(called.source);
    if (above.some((source) => referenceOf(source) === reference)) {
      throw await refuse(entry, job, `it calls itself: ${[...above, called.source].map(referenceOf).join(" -> ")}`);
    }
    if (above.length >= DEEPEST_CALLS) {
      throw await refuse(entry, job, `workflows may be nested ${DEEPEST_CALLS} levels deep`);
    }
    seen.add(reference);
    if (seen.size > MOST_CALLS) {
      throw await refuse(entry, job, `a run may call ${MOST_CALLS} reusable workflows in all`);
    }
    const passed = tokenPermissions({
      workflow: entry.file.permissions,
      job: job.permissions,
      repositoryDefault: above[0]?.repository.actions.defaultPermissions ?? "read",
      readOnly: false,
      caller: granted,
    });
    const excess = excessOf(called.file, passed);
    if (excess !== undefined) throw await refuse(entry, job, excess);
    calls.set(job.id, await load(loader, called, [...above, called.source], seen, passed));
  }
  return { ...entry, calls };
}

async function open(loader: Loader, caller: Entry, job: CallJob): Promise<Entry> {
  const source = await locate(loader.world, caller.source, job.uses);
  const read = source && (await loader.files.read(source.repository, source.sha, source.path));
  if (source === undefined || read === undefined) {
    throw await refuse(
      caller,
      job,
      "workflow was not found. Name a file of .github/workflows in this commit (./…), or of a repository this one may read (owner/repo/…@ref)",
    );
  }
  if (read.kind === "invalid") throw await refuse(caller, job, read.error.message);
  const fault = misfit(read.file, job);
  if (fault !== undefined) throw await refuse(caller, job, fault);
  return { source, file: read.file, text: read.text };
}

/** `./path` and `$/path` are in the repository and at the commit of the file that names them. */
async function locate(world: World, caller: WorkflowSource, uses: string): Promise<WorkflowSource | undefined> {
  const local = /^[.$]\/(.+)$/.exec(uses)?.[1];
  if (local !== undefined) return inFolder(local) ? { ...caller, path: local } : undefined;
  const remote = /^([^/]+\/[^/]+)\/(.+)@(.+)$/.exec(uses);
  if (!remote) return undefined;
  const [, name = "", path = "", ref = ""] = remote;
  const repository = world.repositories.get(name.toLowerCase());
  if (repository === undefined || !inFolder(path)) return undefined;
  if (repository.private && repository.owner !== caller.repository.owner) return undefined;
  const found = await resolveRef(repository, ref);
  return found && { repository, path, ...found };
}

/** GitHub docs: reusable workflows lie in `.github/workflows` itself, not in a folder below. */
const inFolder = (path: string): boolean =>
  path.startsWith(`${WORKFLOW_FOLDER}/`) && !path.slice(WORKFLOW_FOLDER.length + 1).includes("/");

/** GitHub docs: where a tag and a branch have the same name, the tag counts. */
async function resolveRef(repository: Repository, ref: string): Promise<{ ref: string; sha: string } | undefined> {
  for (const name of ref.startsWith("refs/") ? [ref] : [`refs/tags/${ref}`, `refs/heads/${ref}`]) {
    if ((await repository.git.ref(name)) === undefined) continue;
    const sha = await repository.git.resolve(name);
    if (sha !== undefined) return { ref: name, sha };
  }
  const commit = /^[0-9a-f]{40}$/.test(ref) ? await repository.git.commit(ref) : undefined;
  return commit && { ref, sha: commit.sha };
}

/** What keeps the called file from taking this call, as far as it shows without evaluating anything. */
function misfit(called: WorkflowFile, job: CallJob): string | undefined {
  const contract = called.on.call;
  if (contract === undefined) return "the workflow has no 'workflow_call' trigger";
  const inputs = compareNames(contract.inputs, Object.keys(job.with));
  if (inputs.unknown !== undefined) {
    return `Invalid input, ${inputs.unknown} is not defined in the referenced workflow.`;
  }
  if (inputs.missing !== undefined) return `Input ${inputs.missing} is required, but not provided while calling.`;
  if (job.secrets === "inherit") return undefined;
  const secrets = compareNames(contract.secrets, Object.keys(job.secrets));
  if (secrets.unknown !== undefined) {
    return `Invalid secret, ${secrets.unknown} is not defined in the referenced workflow.`;
  }
  return secrets.missing && `Secret ${secrets.missing} is required, but not provided while calling.`;
}

/** Names of inputs and secrets have no case. */
function compareNames(declared: Readonly<Record<string, { readonly required: boolean }>>, given: readonly string[]) {
  const passed = new Set(given.map((name) => name.toLowerCase()));
  const known = new Set(Object.keys(declared).map((name) => name.toLowerCase()));
  return {
    unknown: given.find((name) => !known.has(name.toLowerCase())),
    missing: Object.keys(declared).find((name) => declared[name]?.required && !passed.has(name.toLowerCase())),
  };
}

/** What the called file asks for beyond what the calling job has: GitHub refuses that before anything runs. */
function excessOf(called: WorkflowFile, passed: TokenPermissions): string | undefined {
  const askers = [
    { who: "The workflow", block: called.permissions },
    ...called.jobs.map((job) => ({ who: `The nested job '${job.id}'`, block: job.permissions })),
  ];
  for (const { who, block } of askers) {
    const excess = block === undefined ? [] : permissionViolations(block, passed);
    if (excess.length === 0) continue;
    const requested = excess.map((each) => `${each.key}: ${each.requested}`).join(", ");
    const allowed = excess.map((each) => `${each.key}: ${each.allowed}`).join(", ");
    return `${who} is requesting '${requested}', but is only allowed '${allowed}'.`;
  }
  return undefined;
}

/** A fault at the calling job, worded as on GitHub's run page. */
async function refuse(caller: Pick<Entry, "file" | "text">, job: CallJob, why: string): Promise<InvalidFile> {
  const { readYaml } = await import("../../workflow-language/yaml-source.ts");
  const message = `Error calling workflow '${job.uses}': ${why}`;
  const fault: FileFault = readYaml(caller.file.path, caller.text, Number.POSITIVE_INFINITY).fault(
    ["jobs", job.id],
    message,
    "key",
  );
  return new InvalidFile([fault]);
}
