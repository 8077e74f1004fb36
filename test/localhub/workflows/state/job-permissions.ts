/** The permissions of the jobs of a frame: by its file's blocks, at most those of its caller. */
import type { PermissionsBlock } from "../../workflow-language/model.ts";
import { type TokenPermissions, tokenPermissions } from "../../workflow-language/permissions.ts";
import type { CallFrame, Execution } from "./execution.ts";

/** @param job The `permissions:` of the job itself. */
export function jobPermissions(
  { run, privileges }: Execution,
  frame: CallFrame,
  job: PermissionsBlock | undefined,
): TokenPermissions {
  return tokenPermissions({
    workflow: frame.workflow.file.permissions,
    job,
    repositoryDefault: run.repository.actions.defaultPermissions,
    readOnly: privileges.readOnlyToken,
    caller: frame.permissions,
  });
}
