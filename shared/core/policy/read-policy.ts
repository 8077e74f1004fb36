/** From the text of `.github/mlops.yml` to a valid policy, whichever of the versions it has. */
import * as z from "zod";
import type { Problem } from "../../problem/problem.ts";
import { type Document, throwIfProblems } from "../../text/document/document.ts";
import { type ValidationResult, validateDocument } from "../../text/document/validate-document.ts";
import { readYaml } from "../../text/yaml/read-yaml.ts";
import { chooseModel, type PolicyReading } from "./choose-model.ts";
import { findUnsupportedKeys, type PolicyReader } from "./not-supported-yet.ts";
import { type Policy, toPolicy, upgradePolicy } from "./policy.ts";
import { policy1 } from "./policy-1.ts";
import { type Policy2File, policy2 } from "./policy-2.ts";
import { policyProblems } from "./policy-problems.ts";

/** The greatest version that this release reads. */
const NEWEST = 2;

/**
 * The policy with the one model that is worked on.
 *
 * @param file its path, for messages
 * @throws ActionError with every problem, each with line and column: all codes start with `policy-`; `model-not-named`,
 *   `model-unknown`
 */
export function readPolicy(text: string, file: string, reading: PolicyReading): Policy {
  const document = readYaml(text, file, "policy");
  const chosen = chooseModel(readWhole(document, reading.reader), file, reading);
  throwIfProblems(findUnsupportedKeys(document, reading.reader, chosen.chosen));
  return chosen;
}

/**
 * The same for all of its models, each as if it were chosen.
 *
 * @throws ActionError with every problem; all codes start with `policy-`
 */
export function readPolicies(text: string, file: string, reader: PolicyReader): readonly Policy[] {
  const whole = readWholePolicy(text, file, reader);
  return whole.models.map(({ model }) => chooseModel(whole, file, { reader, model: model?.name }));
}

/**
 * With all of its models together, as written: for who works on none of them.
 *
 * @throws ActionError with every problem; all codes start with `policy-`
 */
export function readWholePolicy(text: string, file: string, reader: PolicyReader): Policy {
  const document = readYaml(text, file, "policy");
  throwIfProblems(findUnsupportedKeys(document, reader));
  return readWhole(document, reader);
}

function readWhole(document: Document, reader: PolicyReader): Policy {
  const checked = checkPolicy(document, reader);
  if ("value" in checked) return checked.value;
  throwIfProblems(checked.problems);
  throw new Error("a policy was refused without a reason");
}

function checkPolicy(document: Document, reader: PolicyReader): ValidationResult<Policy> {
  const version = versionOf(document);
  if (typeof version === "number" && Number.isInteger(version) && version > NEWEST) {
    return { problems: [newerPolicy(version, document, reader)] };
  }
  if (version !== 1 && version !== 2) return { problems: unversionedProblems(document) };
  const file = readFile(document, version);
  if ("problems" in file) return file;
  const problems = policyProblems(file.value, document);
  return problems.length > 0 ? { problems } : { value: toPolicy(file.value, version) };
}

function readFile(document: Document, version: 1 | 2): ValidationResult<Policy2File> {
  if (version === 2) return validateDocument(policy2, document);
  const file = validateDocument(policy1, document);
  return "problems" in file ? file : { value: upgradePolicy(file.value) };
}

/** As written: anything, or nothing. */
function versionOf({ value }: Pick<Document, "value">): unknown {
  return typeof value === "object" && value !== null && "version" in value ? value.version : undefined;
}

/** By the version that the rest fits best. */
function unversionedProblems(document: Document): readonly Problem[] {
  const version = z.literal([1, 2]);
  const [as1, as2] = [policy1.extend({ version }), policy2.extend({ version })].map((schema) => {
    const checked = validateDocument(schema, document);
    return "problems" in checked ? checked.problems : [];
  });
  return as2 !== undefined && as1 !== undefined && as2.length < as1.length ? as2 : (as1 ?? []);
}

const newerPolicy = (version: number, document: Document, reader: PolicyReader): Problem => ({
  code: "policy-newer",
  message: `version is ${version}, but this release of ${reader} reads versions 1 and ${NEWEST}`,
  place: document.placeOf(["version"]),
  fix: `Update ${reader} in the workflow that uses it`,
});
