/** Reads the workflow files of a commit. Each content of a file is parsed once. */
import type { TreeEntry } from "../../git/git-repository.ts";
import { InvalidFileError, type WorkflowFile } from "../../workflow-language/model.ts";
import type { Repository } from "../../world/repository.ts";

export const WORKFLOW_FOLDER = ".github/workflows";

export type ParsedWorkflowFile =
  | { readonly kind: "valid"; readonly path: string; readonly file: WorkflowFile; readonly text: string }
  | { readonly kind: "invalid"; readonly path: string; readonly error: InvalidFileError };

export interface WorkflowFiles {
  /** The workflow files of a commit, in the order of their paths. */
  list(repository: Repository, revision: string): Promise<readonly ParsedWorkflowFile[]>;
  read(repository: Repository, revision: string, path: string): Promise<ParsedWorkflowFile | undefined>;
}

export function createWorkflowFiles(limits: { readonly dispatchInputs: number }): WorkflowFiles {
  const parsed = new Map<string, Promise<ParsedWorkflowFile>>();

  function parse(repository: Repository, entry: TreeEntry, path: string): Promise<ParsedWorkflowFile> {
    const key = `${entry.sha} ${path}`;
    const known = parsed.get(key);
    if (known) return known;
    const reading = readBlob(repository, entry, path);
    parsed.set(key, reading);
    // A failure for another reason than the content may be retried.
    reading.catch(() => parsed.delete(key));
    return reading;
  }

  async function readBlob(repository: Repository, entry: TreeEntry, path: string): Promise<ParsedWorkflowFile> {
    // The parser is loaded with the first workflow file, so that the local GitHub starts faster.
    const { readWorkflow } = await import("../../workflow-language/read-workflow.ts");
    const bytes = await repository.git.blob(entry.sha);
    if (bytes === undefined) throw new Error(`${repository.fullName} has no blob ${entry.sha} for ${path}`);
    const text = bytes.toString("utf8");
    try {
      return { kind: "valid", path, file: readWorkflow(path, text, limits), text };
    } catch (error) {
      if (error instanceof InvalidFileError) return { kind: "invalid", path, error };
      throw error;
    }
  }

  return {
    async list(repository, revision) {
      const folder = await repository.git.entryAt(revision, WORKFLOW_FOLDER);
      const entries = folder?.type === "tree" ? ((await repository.git.tree(folder.sha)) ?? []) : [];
      const files = entries
        .filter((entry) => entry.type === "blob" && /\.ya?ml$/.test(entry.path))
        .map((entry) => parse(repository, entry, `${WORKFLOW_FOLDER}/${baseName(entry.path)}`));
      return Promise.all(files);
    },
    async read(repository, revision, path) {
      const entry = await repository.git.entryAt(revision, path);
      return entry?.type === "blob" ? parse(repository, entry, path) : undefined;
    },
  };
}

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
