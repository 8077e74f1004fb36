/** For an action that needs only some keys of the policy, and runs without one too. */
import { ActionError } from "../../problem/problem.ts";
import { type Document, throwIfProblems } from "../../text/document/document.ts";
import { readYaml } from "../../text/yaml/read-yaml.ts";
import { findUnsupportedKeys, type PolicyReader } from "./not-supported-yet.ts";
import { POLICY_PATH } from "./policy.ts";

/**
 * What else is wrong with the policy is for the gate to say: one that cannot be read has no keys here.
 *
 * @param text `undefined` without a policy
 * @throws ActionError `policy-not-supported-yet`
 */
export function assertKeysSupported(text: string | undefined, reader: PolicyReader): void {
  const document = text === undefined ? undefined : parse(text);
  const { value } = document ?? {};
  if (document === undefined || typeof value !== "object" || value === null) return;
  // Version 1 has no such key, and of a newer version nobody here knows what its keys mean.
  if ("version" in value && value.version === 2) throwIfProblems(findUnsupportedKeys(document, reader));
}

function parse(text: string): Document | undefined {
  try {
    return readYaml(text, POLICY_PATH, "policy");
  } catch (error) {
    if (error instanceof ActionError) return undefined;
    throw error;
  }
}
