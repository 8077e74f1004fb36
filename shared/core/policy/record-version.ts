/** Which version of records is written where no policy is read through the API: the one that the checkout's policy asks for. */
import { ActionError } from "../../problem/problem.ts";
import { readYaml } from "../../text/yaml/read-yaml.ts";
import { POLICY_PATH } from "./policy.ts";

export interface WantedVersion {
  readonly version: 1 | 2;
  /** What a reader of the log should know. */
  readonly note?: string;
}

/** A policy that is broken may still be one of version 1: what cannot be read asks for nothing new. */
export const UNREADABLE_VERSION: WantedVersion = {
  version: 1,
  note: `The version of ${POLICY_PATH} in this checkout cannot be read: the record is written as version 1.`,
};

/**
 * Reads nothing but the version; the gate reports what else is wrong.
 *
 * @param text of the policy in the checkout; `undefined` without one: then nobody asks for version 1
 */
export function chooseRecordVersion(text: string | undefined): WantedVersion {
  if (text === undefined) return { version: 2 };
  const version = findVersion(text);
  return version === 1 || version === 2 ? { version } : UNREADABLE_VERSION;
}

function findVersion(text: string): unknown {
  try {
    const { value } = readYaml(text, POLICY_PATH, "policy");
    return typeof value === "object" && value !== null && "version" in value ? value.version : undefined;
  } catch (error) {
    if (error instanceof ActionError) return undefined;
    throw error;
  }
}
