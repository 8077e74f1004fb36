/** An artifact as if a job of the run had uploaded it: for tests that need many, without a runner for each. */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addArtifact } from "../operations/runs/artifacts.ts";
import type { Artifact, WorkflowRun } from "../world/repository.ts";
import type { World } from "../world/world.ts";

export interface ArtifactStore extends Disposable {
  /** @param zip the archive */
  store(run: WorkflowRun, name: string, zip: Uint8Array): Artifact;
}

export function createArtifactStore(world: World): ArtifactStore {
  const folder = mkdtempSync(join(tmpdir(), "localhub-artifacts-"));
  return {
    store(run, name, zip) {
      const job = run.attempts.at(-1)?.jobs.at(-1);
      if (job === undefined) throw new Error(`run ${run.id} has no job that could have uploaded ${name}`);
      const digest = `sha256:${createHash("sha256").update(zip).digest("hex")}`;
      const file = join(folder, `${world.nextId()}.zip`);
      writeFileSync(file, zip);
      const stored = { name, mimeType: "application/zip", size: zip.length, digest, file, expiresAt: undefined };
      return addArtifact(world, { job, ...stored });
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
