/** The known workflows of a repository: those of its default branch and those that ever ran. */
import type { Workflow } from "../../world/actions.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import type { ParsedWorkflowFile, WorkflowFiles } from "./workflow-files.ts";

/**
 * The record of the workflow at that path; created when it is new.
 * @param path Of a file of another repository: its own path below that repository's name.
 */
export function ensureWorkflow(
  world: World,
  repository: Repository,
  read: ParsedWorkflowFile,
  path = read.path,
): Workflow {
  const now = world.clock.now();
  const name = nameOf(read);
  const known = [...repository.actions.workflows.values()].find((workflow) => workflow.path === path);
  if (known) return known;
  const workflow: Workflow = {
    id: world.nextId(),
    path,
    name,
    state: "active",
    createdAt: now,
    updatedAt: now,
  };
  repository.actions.workflows.set(workflow.id, workflow);
  return workflow;
}

/** Updates the records from the default branch. A workflow that never ran and is no longer on it is removed. */
export async function refreshWorkflows(world: World, files: WorkflowFiles, repository: Repository): Promise<void> {
  const head = await repository.git.resolve(`refs/heads/${repository.defaultBranch}`);
  const reads = head === undefined ? [] : await files.list(repository, head);
  for (const read of reads) {
    const workflow = ensureWorkflow(world, repository, read);
    if (workflow.name !== nameOf(read)) Object.assign(workflow, { name: nameOf(read), updatedAt: world.clock.now() });
  }
  const present = new Set(reads.map((read) => read.path));
  const ran = new Set([...repository.actions.runs.values()].map((run) => run.workflow));
  for (const workflow of repository.actions.workflows.values()) {
    if (present.has(workflow.path)) continue;
    if (!ran.has(workflow)) repository.actions.workflows.delete(workflow.id);
  }
}

/** A file without a name, or one GitHub cannot read, is named by its path. */
const nameOf = (read: ParsedWorkflowFile): string => (read.kind === "valid" ? read.file.name : undefined) ?? read.path;
