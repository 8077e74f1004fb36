/** The version of records that the policy in the checkout asks for. */
import type { PolicyReading } from "../../core/policy/choose-model.ts";
import { POLICY_PATH } from "../../core/policy/policy.ts";
import { chooseRecordVersion, UNREADABLE_VERSION, type WantedVersion } from "../../core/policy/record-version.ts";
import { ActionError } from "../../problem/problem.ts";
import type { WorkspaceFiles } from "./workspace-files.ts";

/**
 * Whatever else is wrong with the file is for the gate to say.
 *
 * @param reading as in `chooseRecordVersion`
 * @throws ActionError as `chooseRecordVersion`
 */
export async function readCheckoutRecordVersion(
  files: Pick<WorkspaceFiles, "exists" | "readText">,
  reading?: PolicyReading,
): Promise<WantedVersion> {
  let text: string | undefined;
  try {
    text = (await files.exists(POLICY_PATH)) ? await files.readText(POLICY_PATH) : undefined;
  } catch (error) {
    if (error instanceof ActionError) return UNREADABLE_VERSION;
    throw error;
  }
  return chooseRecordVersion(text, reading);
}
