/** What an action needs of a policy that it does not judge by: the version of records, and that it may ignore no key. */
import { ActionError } from "../../problem/problem.ts";
import { type Document, throwIfProblems } from "../../text/document/document.ts";
import { readYaml } from "../../text/yaml/read-yaml.ts";
import { modelNotNamed, modelUnknown, type PolicyReading } from "./choose-model.ts";
import { findUnsupportedKeys } from "./not-supported-yet.ts";
import { POLICY_PATH } from "./policy.ts";

export interface WantedVersion {
  readonly version: 1 | 2;
  /** The chosen one of several models: the record names it. */
  readonly model?: string;
  /** What a reader of the log should know. */
  readonly note?: string;
}

/** A policy that is broken may still be one of version 1: what cannot be read asks for nothing new. */
export const UNREADABLE_VERSION: WantedVersion = {
  version: 1,
  note: `The version of ${POLICY_PATH} in this checkout cannot be read: the record is written as version 1.`,
};

/**
 * Which version of records is written where no policy is read through the API: the one that the checkout's policy asks for.
 * Reads nothing but the version and the keys that `reader` would need and lacks; the gate reports what else is wrong.
 *
 * @param text of the policy in the checkout; `undefined` without one: then nobody asks for version 1
 * @param reading `undefined` for an action whose inputs take the place of the keys it would need
 * @throws ActionError `policy-not-supported-yet`, `model-not-named`, `model-unknown`
 */
export function chooseRecordVersion(text: string | undefined, reading?: PolicyReading): WantedVersion {
  if (text === undefined) return { version: 2 };
  const document = parsePolicy(text);
  const version = versionOf(document);
  if (version !== 1 && version !== 2) return UNREADABLE_VERSION;
  const model = reading && assertSupported(document, reading);
  return { version, ...(model !== undefined && { model }) };
}

/**
 * For an action that runs without a policy too: one that cannot be read has no keys here.
 *
 * @throws ActionError as `chooseRecordVersion`
 */
export const assertKeysSupported = (text: string, reading: PolicyReading): void =>
  void assertSupported(parsePolicy(text), reading);

/** @returns the chosen one of several models */
function assertSupported(document: Document | undefined, reading: PolicyReading): string | undefined {
  // Version 1 has no such key, and of a newer version nobody here knows what its keys mean.
  if (document === undefined || versionOf(document) !== 2) return undefined;
  const { reader, model = "" } = reading;
  const names = modelNames(document);
  const chosen = names.length > 1 ? model : undefined;
  if (chosen === "") throw modelNotNamed(names, POLICY_PATH, reading);
  if (model !== "" && !names.includes(model)) throw modelUnknown(names, POLICY_PATH, reading);
  throwIfProblems(findUnsupportedKeys(document, reader, chosen));
  return chosen;
}

function modelNames({ value }: Document): readonly string[] {
  const { model, models } = value as { readonly model?: unknown; readonly models?: unknown };
  if (typeof models === "object" && models !== null) return Object.keys(models);
  const name = typeof model === "object" && model !== null && "name" in model ? model.name : undefined;
  return typeof name === "string" ? [name] : [];
}

function versionOf(document: Document | undefined): unknown {
  const { value } = document ?? {};
  return typeof value === "object" && value !== null && "version" in value ? value.version : undefined;
}

function parsePolicy(text: string): Document | undefined {
  try {
    return readYaml(text, POLICY_PATH, "policy");
  } catch (error) {
    if (error instanceof ActionError) return undefined;
    throw error;
  }
}
