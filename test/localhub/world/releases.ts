/** Releases and artifact attestations. */
import type { Account } from "./identity.ts";

export interface Release {
  readonly id: number;
  readonly author: Account;
  tag: string;
  target: string;
  name: string | null;
  body: string | null;
  draft: boolean;
  prerelease: boolean;
  /** Whether it is shown as the latest: explicitly yes, explicitly no, or decided by the dates. */
  latest: "true" | "false" | "legacy";
  readonly createdAt: Date;
  publishedAt: Date | null;
  readonly assets: Map<number, ReleaseAsset>;
}

export interface ReleaseAsset {
  readonly id: number;
  name: string;
  label: string | null;
  readonly contentType: string;
  readonly content: Uint8Array;
  readonly uploader: Account;
  downloads: number;
  readonly createdAt: Date;
}

export interface Attestation {
  readonly id: number;
  /** `sha256:…` digests of the attested subjects, read from the bundle's in-toto statement. */
  readonly subjects: readonly string[];
  readonly predicateType: string;
  /** The Sigstore bundle, as it was posted. */
  readonly bundle: Readonly<Record<string, unknown>>;
  readonly initiator: Account;
  readonly createdAt: Date;
}
