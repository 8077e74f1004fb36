/**
 * Where bytes lie: a model's, a checkpoint's or an artifact's. Every file has its size and SHA-256, whatever the store; those of a
 * version stand once in its record, and not again at each of its places.
 */
import * as z from "zod";
import { commit, digest, utcTimestamp } from "./fields-1.ts";
import { storedFile } from "./fields-2.ts";

const id = z.int().positive();
const repository = z.string().regex(/^[^/]+\/[^/]+$/, "owner/name");

const anywhere = {
  files: z
    .array(storedFile)
    .min(1)
    .optional()
    .describe("Paths as in the model or checkpoint; left out: all files of the version, as its record lists them"),
  below: z
    .strictObject({ model: z.string(), store: z.string() })
    .optional()
    .describe("The file `<model>x` is `<store>x` there; left out: the paths are the same"),
  expiresAt: utcTimestamp.optional().describe("When the store deletes it; left out: it does not, or does not say"),
  immutable: z
    .boolean()
    .optional()
    .describe("Whether the place names its content, so that other bytes have another place"),
};

const artifact = z.strictObject({
  kind: z.literal("artifact"),
  repository,
  run: id,
  attempt: id.optional(),
  id,
  name: z.string().min(1),
  digest: digest.optional().describe("Of the artifact's zip, as GitHub says it"),
  ...anywhere,
});

const releaseAsset = z.strictObject({
  kind: z.literal("release-asset"),
  repository,
  tag: z.string().min(1),
  assets: z
    .array(z.strictObject({ id, name: z.string().min(1), digest: digest.optional() }))
    .min(1)
    .describe("One for each file, by the file's own name; or one archive"),
  ...anywhere,
});

const oci = z.strictObject({
  kind: z.literal("oci"),
  image: z.string().min(1).describe("Registry and repository, without a tag"),
  digest: digest.describe("Of the manifest"),
  format: z.enum(["image", "modelpack"]).optional(),
  ...anywhere,
});

const objectStore = z.strictObject({
  kind: z.enum(["s3", "gs"]),
  uri: z.string().regex(/^(?:s3|gs):\/\/[^/]+\/.*$/, "s3://bucket/key or gs://bucket/key"),
  versions: z.record(z.string(), z.string()).optional().describe("Path to the store's version id or generation"),
  ...anywhere,
});

const hub = z.strictObject({
  kind: z.literal("hf"),
  uri: z.string().regex(/^hf:\/\/.+$/, "hf://owner/name"),
  revision: commit,
  ...anywhere,
});

const pointer = z.strictObject({
  kind: z.enum(["dvc", "git-lfs"]),
  repository,
  commit,
  pointers: z.array(z.string().min(1)).min(1).describe("Paths of the pointer files in the commit"),
  remote: z.string().optional().describe("Name of the DVC remote; never its credentials"),
  ...anywhere,
});

const mlflow = z.strictObject({
  kind: z.literal("mlflow"),
  server: z.string().min(1).describe("Address of the tracking server, without user and password"),
  run: z.string().min(1),
  source: z.string().min(1).describe("As MLflow writes it, for example `mlflow-artifacts:/1/…/artifacts/model`"),
  version: z.string().optional(),
  ...anywhere,
});

const folder = z.strictObject({
  kind: z.literal("folder"),
  runner: z.string().min(1).describe("Name of the machine"),
  path: z.string().min(1),
  ...anywhere,
});

const cache = z.strictObject({ kind: z.literal("cache"), repository, key: z.string().min(1), ...anywhere });

const command = z.strictObject({
  kind: z.literal("command"),
  description: z.string().min(1).describe("What the user's own command fetches from; never the command's secrets"),
  ...anywhere,
});

export const location = z.discriminatedUnion("kind", [
  artifact,
  releaseAsset,
  oci,
  objectStore,
  hub,
  pointer,
  mlflow,
  folder,
  cache,
  command,
]);

export type ModelLocation = z.infer<typeof location>;
