/** The fields that records have in common, as version 1 has them. */
import * as z from "zod";

/** `sha256:` and 64 hex digits. */
export const digest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, '"sha256:" and 64 hex digits')
  .describe("SHA-256 digest");

export const commit = z
  .string()
  .regex(/^[0-9a-f]{40}$/, "a full commit SHA: 40 hex digits")
  .describe("Full commit SHA");

/** With or without milliseconds; always UTC. */
export const utcTimestamp = z.iso.datetime("a UTC time such as 2026-01-31T12:00:00Z").describe("UTC time, ISO 8601");

/** A number that a decision may depend on. JSON has no NaN, but `1e400` reads as Infinity. */
export const finite = z.number().describe("Finite number");

export const file = z.strictObject({
  path: z.string().min(1).describe("Path from the repository's root"),
  bytes: z.int().nonnegative(),
  digest,
});

/** The workflow run that wrote a record. */
export const origin = z.strictObject({
  repository: z.string().regex(/^[^/]+\/[^/]+$/, "owner/name"),
  workflow: z.string().describe("Workflow file with its ref"),
  run: z.int().positive(),
  attempt: z.int().positive(),
  actor: z.string(),
});

/** One value of one metric, over everything (`slice` is null) or over one slice. */
export const metric = z.strictObject({
  name: z.string().min(1),
  slice: z.string().min(1).nullable(),
  value: finite,
});
