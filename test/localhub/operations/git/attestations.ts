/** Attestations: signed statements about artifacts, found by the digest of what they are about. */

import { unprocessable } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import type { Attestation } from "../../world/releases.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";

/** The short names that the API accepts for predicate types (GitHub docs, "List attestations"). */
const SHORT_NAMES: Readonly<Record<string, RegExp>> = {
  provenance: /^https:\/\/slsa\.dev\/provenance\//,
  sbom: /^https:\/\/(spdx\.dev\/Document|cyclonedx\.org\/bom)/,
  release: /^https:\/\/in-toto\.io\/attestation\/release\//,
};

interface Statement {
  readonly predicateType: string;
  readonly subjects: readonly string[];
}

/**
 * Stores a Sigstore bundle. Its signature is not verified: its readers must do that.
 * @throws ApiError 422 when the bundle has no in-toto statement about subjects with digests.
 */
export function storeAttestation(
  world: World,
  repository: Repository,
  bundle: Readonly<Record<string, unknown>>,
  caller: Caller,
): Attestation {
  const { subjects, predicateType } = statementIn(bundle);
  const attestation: Attestation = {
    id: world.nextId(),
    subjects,
    predicateType,
    bundle,
    initiator: caller.actor,
    createdAt: world.clock.now(),
  };
  repository.attestations.push(attestation);
  return attestation;
}

/**
 * Newest first. @param digest With its algorithm, `sha256:…`.
 * @param predicateType A predicate type, or `provenance`, `sbom` or `release`; all when absent.
 */
export function attestationsOf(
  repository: Repository,
  digest: string,
  predicateType: string | undefined,
): readonly Attestation[] {
  return repository.attestations
    .filter(
      (one) =>
        one.subjects.includes(digest.toLowerCase()) &&
        (predicateType === undefined ||
          one.predicateType === predicateType ||
          SHORT_NAMES[predicateType]?.test(one.predicateType)),
    )
    .toReversed();
}

/** Reads the in-toto statement in the bundle's DSSE envelope (github.com/in-toto/attestation, Statement v1). */
function statementIn(bundle: Readonly<Record<string, unknown>>): Statement {
  const envelope = record(bundle["dsseEnvelope"]);
  const payload = envelope?.["payload"];
  if (typeof payload !== "string") throw unprocessable("Invalid bundle: it has no dsseEnvelope with a payload");
  const statement = record(parsed(Buffer.from(payload, "base64").toString()));
  const predicateType = statement?.["predicateType"];
  const subjects = Array.isArray(statement?.["subject"]) ? statement["subject"].flatMap(digestsOf) : [];
  if (typeof predicateType !== "string" || subjects.length === 0)
    throw unprocessable(
      "Invalid bundle: its payload is not an in-toto statement with a predicateType and subjects with digests",
    );
  return { predicateType, subjects };
}

function digestsOf(subject: unknown): string[] {
  const digests = record(record(subject)?.["digest"]) ?? {};
  return Object.entries(digests).map(([algorithm, value]) => `${algorithm}:${value}`.toLowerCase());
}

const record = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
