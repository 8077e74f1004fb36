/** Keeps files of a job as an artifact of its run, through `@actions/artifact`. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type ActionError, userError } from "../../problem/problem.ts";
import { interceptOutput } from "../process/intercept-output.ts";

export interface Upload {
  /** As `artifactName` makes it. */
  readonly name: string;
  /** By path inside the artifact. */
  readonly files: Readonly<Record<string, string>>;
  /** A folder of the job's own; everything is written below it and removed again. */
  readonly temp: string;
}

export interface UploadedArtifact {
  readonly id: number;
}

/**
 * The toolkit is loaded when it is used, and what it prints is kept from the runner.
 * @throws ActionError `artifact-not-kept`: without it the next run has nothing to compare with
 */
export async function uploadArtifact({ name, files, temp }: Upload): Promise<UploadedArtifact> {
  const folder = join(temp, `artifact-${name}`);
  const paths = Object.keys(files).map((path) => join(folder, path));
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const { DefaultArtifactClient } = await import("@actions/artifact");
    const upload = () => new DefaultArtifactClient().uploadArtifact(name, paths, folder);
    const { result } = await interceptOutput(upload);
    if (result.id === undefined) throw new Error("the service gave it no id");
    return { id: result.id };
  } catch (error) {
    throw notKept(name, error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A name that GitHub accepts, and that is another one for every text. */
export const artifactName = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[^\p{L}\p{N} ._,()-]/gu, (character) => `=${character.codePointAt(0)?.toString(16)}=`);

const notKept = (name: string, error: unknown): ActionError =>
  userError(
    {
      code: "artifact-not-kept",
      message: `the artifact "${name}" could not be uploaded: ${error instanceof Error ? error.message : String(error)}`,
      fix: "Re-run the job; on Enterprise Server, upload the record with an older actions/upload-artifact instead",
    },
    error,
  );
