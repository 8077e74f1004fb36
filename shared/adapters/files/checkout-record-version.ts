/** What an action takes from the policy in the checkout: the version of records, and that it may ignore none of its keys. */
import { assertKeysSupported } from "../../core/policy/assert-keys-supported.ts";
import type { PolicyReader } from "../../core/policy/not-supported-yet.ts";
import { POLICY_PATH } from "../../core/policy/policy.ts";
import { chooseRecordVersion, UNREADABLE_VERSION, type WantedVersion } from "../../core/policy/record-version.ts";
import { ActionError } from "../../problem/problem.ts";
import type { WorkspaceFiles } from "./workspace-files.ts";

type Checkout = Pick<WorkspaceFiles, "exists" | "readText">;

/** Never fails: whatever is wrong with the file is for the gate to say. */
export async function readCheckoutRecordVersion(files: Checkout): Promise<WantedVersion> {
  const text = await readCheckoutPolicy(files);
  return text === "unreadable" ? UNREADABLE_VERSION : chooseRecordVersion(text?.content);
}

/** @throws ActionError `policy-not-supported-yet`: of a file that cannot be read, the gate says what is wrong */
export async function assertCheckoutPolicySupported(files: Checkout, reader: PolicyReader): Promise<void> {
  const text = await readCheckoutPolicy(files);
  if (text !== "unreadable") assertKeysSupported(text?.content, reader);
}

async function readCheckoutPolicy(files: Checkout): Promise<{ readonly content: string } | "unreadable" | undefined> {
  try {
    return (await files.exists(POLICY_PATH)) ? { content: await files.readText(POLICY_PATH) } : undefined;
  } catch (error) {
    if (error instanceof ActionError) return "unreadable";
    throw error;
  }
}
