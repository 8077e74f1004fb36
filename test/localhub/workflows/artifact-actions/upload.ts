/** `actions/upload-artifact` (v7). */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { promisify } from "node:util";
import { type AsyncZippable, type ZipOptions, zip } from "fflate";
import type { BuiltinCall, BuiltinOutcome, FetchedAction } from "../../runner/job.ts";
import type { Clock } from "../../world/clock.ts";
import { defineBuiltinAction, getInput } from "../execution/builtin-action.ts";
import { type ArtifactClient, createArtifactClient } from "./artifact-client.ts";
import { type FoundFile, findFiles } from "./find-files.ts";

const DAY = 86_400_000;
/** Entries have the earliest time a zip can store, so that equal files make equal artifacts. */
const ENTRY_TIME = new Date(1980, 0, 1);
const FORBIDDEN = /["<>|*?:\r\n]/;

export function uploadArtifactAction(clock: Clock): FetchedAction {
  return defineBuiltinAction({
    name: "Upload a Build Artifact",
    inputs: {
      ...{ name: "artifact", path: "", "if-no-files-found": "warn", "retention-days": "", "compression-level": "6" },
      ...{ overwrite: "false", "include-hidden-files": "false", archive: "true" },
    },
    outputs: ["artifact-id", "artifact-url", "artifact-digest"],
    run: (call) => upload(clock, call),
  });
}

async function upload(clock: Clock, call: BuiltinCall): Promise<BuiltinOutcome> {
  const input = (name: string): string => getInput(call.inputs, name);
  const path = input("path");
  if (path === "") throw new Error("Input required and not supplied: path");
  const found = await findFiles(call.workspace, path, input("include-hidden-files") === "true");
  if (found.length === 0) return reportNoFiles(call, path, input("if-no-files-found"));

  const plural = found.length === 1 ? "" : "s";
  call.log(`With the provided path, there will be ${found.length} file${plural} uploaded`);
  const archive = input("archive") !== "false";
  const [first] = found;
  if (!archive && found.length > 1) {
    throw new Error(
      `When 'archive' is set to false, only a single file can be uploaded. Found ${found.length} files to upload.`,
    );
  }
  const name = archive || first === undefined ? input("name") : basename(first.file);
  assertNames(name, found);
  const client = createArtifactClient(call);
  if (input("overwrite") === "true") await remove(client, name);
  const content =
    archive || first === undefined ? await zipFiles(found, input("compression-level")) : await readFile(first.file);
  const digest = createHash("sha256").update(content).digest("hex");
  const id = await client.upload({
    ...{ name, content, digest: `sha256:${digest}` },
    mimeType: archive ? "application/zip" : "application/octet-stream",
    expiresAt: expiryOf(clock, input("retention-days")),
  });
  call.log(
    `Artifact ${name} has been successfully uploaded! Final size is ${content.length} bytes. Artifact ID is ${id}`,
  );
  const { server_url: server, repository, run_id: run } = call.github;
  const url = `${String(server)}/${String(repository)}/actions/runs/${String(run)}/artifacts/${id}`;
  call.log(`Artifact download URL: ${url}`);
  return { outputs: { "artifact-id": String(id), "artifact-digest": digest, "artifact-url": url } };
}

function reportNoFiles(call: BuiltinCall, path: string, reaction: string): BuiltinOutcome {
  const message = `No files were found with the provided path: ${path.replaceAll("\n", "%0A")}. No artifacts will be uploaded.`;
  if (reaction === "error") throw new Error(message);
  if (reaction !== "warn" && reaction !== "ignore") {
    throw new Error(
      `Unrecognized if-no-files-found input. Provided: ${reaction}. Available options: warn, error, ignore`,
    );
  }
  call.log(reaction === "warn" ? `::warning::${message}` : message);
  return { outputs: {} };
}

/** Characters that not every file system can store (`@actions/artifact`). */
function assertNames(name: string, files: readonly FoundFile[]): void {
  if (name === "" || FORBIDDEN.test(name) || /[\\/]/.test(name)) {
    throw new Error(`The artifact name is not valid: ${name}. Invalid characters include: " : < > | * ? \\r \\n \\ /`);
  }
  const bad = files.find((file) => FORBIDDEN.test(file.name));
  if (bad === undefined) return;
  throw new Error(
    `The path for one of the files in artifact is not valid: ${bad.name}. Invalid characters include: " : < > | * ? \\r \\n`,
  );
}

async function remove(client: ArtifactClient, name: string): Promise<void> {
  const known = (await client.list()).find((artifact) => artifact.name === name);
  if (known !== undefined) await client.delete(known);
}

async function zipFiles(files: readonly FoundFile[], compression: string): Promise<Uint8Array> {
  const level = LEVELS.find((each) => String(each) === compression);
  if (level === undefined) throw new Error(`Invalid compression-level: ${compression}. Valid values are 0-9`);
  const entries: AsyncZippable = {};
  for (const { file, name } of files) entries[name] = [await readFile(file), { level, mtime: ENTRY_TIME }];
  return promisify<AsyncZippable, Uint8Array>(zip)(entries);
}

const LEVELS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const satisfies readonly ZipOptions["level"][];

function expiryOf(clock: Clock, days: string): Date | undefined {
  if (days === "" || days === "0") return undefined;
  if (!/^\d+$/.test(days)) throw new Error("Invalid retention-days");
  return new Date(clock.now().getTime() + Number(days) * DAY);
}
