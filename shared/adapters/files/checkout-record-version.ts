/** The version of records that the policy in the checkout asks for. */
import { POLICY_PATH } from "../../core/policy/policy.ts";
import { chooseRecordVersion, UNREADABLE_VERSION, type WantedVersion } from "../../core/policy/record-version.ts";
import { ActionError } from "../../problem/problem.ts";
import type { WorkspaceFiles } from "./workspace-files.ts";

/** Never fails: whatever is wrong with the file is for the gate to say. */
export async function readCheckoutRecordVersion(
  files: Pick<WorkspaceFiles, "exists" | "readText">,
): Promise<WantedVersion> {
  try {
    return chooseRecordVersion((await files.exists(POLICY_PATH)) ? await files.readText(POLICY_PATH) : undefined);
  } catch (error) {
    if (error instanceof ActionError) return UNREADABLE_VERSION;
    throw error;
  }
}
