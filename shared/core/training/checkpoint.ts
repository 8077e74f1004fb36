/** Checkpoints that outlive an attempt: which training they belong to, and what is written down about each. */
import * as z from "zod";
import { canonicalJson } from "../../records/canonical-json.ts";
import type { DigestFunction } from "../../records/digest.ts";
import { digest, file, utcTimestamp } from "../../records/fields-1.ts";

/** Everything that decides how a training goes on, and who may have started it. */
export interface TrainingIdentity {
  readonly repository: string;
  /** Trust: a checkpoint that a pull request's training left is never found by another event or branch. */
  readonly event: string;
  readonly ref: string;
  readonly commit: string;
  readonly command: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly dataDigest: string | null;
  readonly modelName: string | null;
  /** Paths and patterns of the checkpoint. */
  readonly checkpoints: readonly string[];
}

/** @returns 64 hex digits: the same for every attempt of the same training, and for nothing else */
export const runKeyOf = (identity: TrainingIdentity, digestOf: DigestFunction): string =>
  digestOf(canonicalJson({ version: 1, ...identity })).slice("sha256:".length);

const checkpointManifest = z.strictObject({
  format: z.literal("mlops-actions/checkpoint@1"),
  key: z.string().regex(/^[0-9a-f]{64}$/),
  savedBy: z.strictObject({ run: z.int().positive(), attempt: z.int().positive() }),
  savedAt: utcTimestamp,
  digest,
  files: z.array(file).min(1),
});

export type CheckpointManifest = z.infer<typeof checkpointManifest>;

/** Over paths, sizes and digests of all files. */
export const checkpointDigest = (files: CheckpointManifest["files"], digestOf: DigestFunction): string =>
  digestOf(canonicalJson(files.map(({ path, bytes, digest: of }) => ({ path, bytes, digest: of }))));

/** @returns `undefined` for what is no manifest of this training, or contradicts itself */
export function parseManifest(text: string, key: string, digestOf: DigestFunction): CheckpointManifest | undefined {
  try {
    const { data } = checkpointManifest.safeParse(JSON.parse(text));
    const isOwn = data?.key === key && data.digest === checkpointDigest(data.files, digestOf);
    return isOwn ? data : undefined;
  } catch {
    return undefined;
  }
}
