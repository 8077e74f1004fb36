/** Loads every reusable workflow that a workflow file calls, directly or not, before any job of the run starts. */

import { type CallJob, type FileError, InvalidFileError, type WorkflowFile } from "../../workflow-language/model.ts";
import { permissionViolations, type TokenPermissions, tokenPermissions } from "../../workflow-language/permissions.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { WORKFLOW_FOLDER, type WorkflowFiles } from "./workflow-files.ts";

/** GitHub docs, "Reusing workflow configurations": the caller and up to nine levels below it. */
export const MAX_CALL_DEPTH = 10;
/** GitHub docs, "Reusing workflow configurations": unique reusable workflows of one run, nested ones included. */
export const MAX_CALLED_WORKFLOWS = 50;

/** Where a workflow file comes from. */
export interface WorkflowSource {
  readonly repository: Repository;
  readonly path: string;
  /** The part after the `@`: a full ref, or the SHA where a commit was given. */
  readonly ref: string;
  readonly sha: string;
}

/** `owner/repo/path@ref`, as in `workflow_ref`. */
export const workflowReference = (source: WorkflowSource): string =>
  `${source.repository.fullName}/${source.path}@${source.ref}`;

export interface LoadedWorkflow {
  readonly source: WorkflowSource;
  readonly file: WorkflowFile;
  /** The file's text, to report positions in it. */
  readonly text: string;
  /** The workflows that the jobs of kind `call` call, by job key. */
  readonly calls: ReadonlyMap<string, LoadedWorkflow>;
}

type Entry = Omit<LoadedWorkflow, "calls">;

export interface WorkflowLoader {
  readonly world: World;
  readonly files: WorkflowFiles;
}

/** @throws InvalidFileError with an error at the calling job, where GitHub would reject the call. */
export async function loadWorkflow(loader: WorkflowLoader, entry: Entry): Promise<LoadedWorkflow> {
  return load(loader, entry, [entry.source], new Set(), undefined);
}

/** @param granted Permissions of the calling job's token; absent for the run's own file. */
async function load(
  loader: WorkflowLoader,
  entry: Entry,
  above: readonly WorkflowSource[],
  seen: Set<string>,
  granted: TokenPermissions | undefined,
): Promise<LoadedWorkflow> {
  const calls = new Map<string, LoadedWorkflow>();
  for (const job of entry.file.jobs) {
    if (job.kind !== "call") continue;
    const called = await loadCalled(loader, entry, job);
    const reference = workflowReference(called.source);
    if (above.some((source) => workflowReference(source) === reference)) {
      throw await invalidCallError(
        entry,
        job,
        `it calls itself: ${[...above, called.source].map(workflowReference).join(" -> ")}`,
      );
    }
    if (above.length >= MAX_CALL_DEPTH) {
      throw await invalidCallError(entry, job, `workflows may be nested ${MAX_CALL_DEPTH} levels deep`);
    }
    seen.add(reference);
    if (seen.size > MAX_CALLED_WORKFLOWS) {
      throw await invalidCallError(entry, job, `a run may call ${MAX_CALLED_WORKFLOWS} reusable workflows in all`);
    }
    const passed = tokenPermissions({
      workflow: entry.file.permissions,
      job: job.permissions,
      repositoryDefault: above[0]?.repository.actions.defaultPermissions ?? "read",
      readOnly: false,
      caller: granted,
    });
    const excess = callPermissionError(called.file, passed);
    if (excess !== undefined) throw await invalidCallError(entry, job, excess);
    calls.set(job.id, await load(loader, called, [...above, called.source], seen, passed));
  }
  return { ...entry, calls };
}

async function loadCalled(loader: WorkflowLoader, caller: Entry, job: CallJob): Promise<Entry> {
  const source = await locate(loader.world, caller.source, job.uses);
  const read = source && (await loader.files.read(source.repository, source.sha, source.path));
  if (source === undefined || read === undefined) {
    throw await invalidCallError(
      caller,
      job,
      "workflow was not found. Name a file of .github/workflows in this commit (./…), or of a repository this one may read (owner/repo/…@ref)",
    );
  }
  if (read.kind === "invalid") throw await invalidCallError(caller, job, read.error.message);
  const error = callContractError(read.file, job);
  if (error !== undefined) throw await invalidCallError(caller, job, error);
  return { source, file: read.file, text: read.text };
}

/** `./path` and `$/path` are in the repository and at the commit of the file that contains them. */
async function locate(world: World, caller: WorkflowSource, uses: string): Promise<WorkflowSource | undefined> {
  const local = /^[.$]\/(.+)$/.exec(uses)?.[1];
  if (local !== undefined) return isInWorkflowFolder(local) ? { ...caller, path: local } : undefined;
  const remote = /^([^/]+\/[^/]+)\/(.+)@(.+)$/.exec(uses);
  if (!remote) return undefined;
  const [, name = "", path = "", ref = ""] = remote;
  const repository = world.repositories.get(name.toLowerCase());
  if (repository === undefined || !isInWorkflowFolder(path)) return undefined;
  if (repository.private && repository.owner !== caller.repository.owner) return undefined;
  const found = await resolveRef(repository, ref);
  return found && { repository, path, ...found };
}

/** GitHub docs: reusable workflows are in `.github/workflows` itself, not in a folder below. */
const isInWorkflowFolder = (path: string): boolean =>
  path.startsWith(`${WORKFLOW_FOLDER}/`) && !path.slice(WORKFLOW_FOLDER.length + 1).includes("/");

/** GitHub docs: where a tag and a branch have the same name, the tag is used. */
export async function resolveRef(
  repository: Repository,
  ref: string,
): Promise<{ readonly ref: string; readonly sha: string } | undefined> {
  for (const name of ref.startsWith("refs/") ? [ref] : [`refs/tags/${ref}`, `refs/heads/${ref}`]) {
    if ((await repository.git.ref(name)) === undefined) continue;
    const sha = await repository.git.resolve(name);
    if (sha !== undefined) return { ref: name, sha };
  }
  const commit = /^[0-9a-f]{40}$/.test(ref) ? await repository.git.commit(ref) : undefined;
  return commit && { ref, sha: commit.sha };
}

/** Why the called file does not accept this call, as far as known without evaluating expressions. */
function callContractError(called: WorkflowFile, job: CallJob): string | undefined {
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

/** Names of inputs and secrets are case-insensitive. */
function compareNames(declared: Readonly<Record<string, { readonly required: boolean }>>, given: readonly string[]) {
  const passed = new Set(given.map((name) => name.toLowerCase()));
  const known = new Set(Object.keys(declared).map((name) => name.toLowerCase()));
  return {
    unknown: given.find((name) => !known.has(name.toLowerCase())),
    missing: Object.keys(declared).find((name) => declared[name]?.required && !passed.has(name.toLowerCase())),
  };
}

/** Permissions that the called file requests beyond the calling job's: GitHub rejects them before any job runs. */
function callPermissionError(called: WorkflowFile, passed: TokenPermissions): string | undefined {
  const blocks = [
    { who: "The workflow", block: called.permissions },
    ...called.jobs.map((job) => ({ who: `The nested job '${job.id}'`, block: job.permissions })),
  ];
  for (const { who, block } of blocks) {
    const excess = block === undefined ? [] : permissionViolations(block, passed);
    if (excess.length === 0) continue;
    const requested = excess.map((each) => `${each.key}: ${each.requested}`).join(", ");
    const allowed = excess.map((each) => `${each.key}: ${each.allowed}`).join(", ");
    return `${who} is requesting '${requested}', but is only allowed '${allowed}'.`;
  }
  return undefined;
}

/** An error at the calling job, worded as on GitHub's run page. */
async function invalidCallError(
  caller: Pick<Entry, "file" | "text">,
  job: CallJob,
  reason: string,
): Promise<InvalidFileError> {
  const { parseYamlSource } = await import("../../workflow-language/yaml-source.ts");
  const message = `Error calling workflow '${job.uses}': ${reason}`;
  const error: FileError = parseYamlSource(caller.file.path, caller.text, Number.POSITIVE_INFINITY).errorAt(
    ["jobs", job.id],
    message,
    "key",
  );
  return new InvalidFileError([error]);
}
