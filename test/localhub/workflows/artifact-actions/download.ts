/** `actions/download-artifact`: artifacts of the current run, and with a token those of any other run. */
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { type Unzipped, unzip } from "fflate";
import type { BuiltinCall, BuiltinOutcome, FetchedAction } from "../../runner/job.ts";
import { errorMessage } from "../../workflow-language/error-message.ts";
import { matchesName } from "../../workflow-language/file-patterns.ts";
import { defineBuiltinAction, getInput } from "../execution/builtin-action.ts";
import { type ArtifactSource, createArtifactClient, type StoredArtifact } from "./artifact-client.ts";
import { createRestArtifactSource } from "./rest-artifact-source.ts";

export function downloadArtifactAction(): FetchedAction {
  return defineBuiltinAction({
    name: "Download a Build Artifact",
    inputs: {
      ...{ name: "", "artifact-ids": "", path: "", pattern: "", "merge-multiple": "false", "github-token": "" },
      ...{ repository: "${{ github.repository }}", "run-id": "${{ github.run_id }}", "skip-decompress": "false" },
      "digest-mismatch": "error",
    },
    outputs: ["download-path"],
    run: download,
  });
}

async function download(call: BuiltinCall): Promise<BuiltinOutcome> {
  const input = (name: string): string => getInput(call.inputs, name);
  try {
    const source = sourceOf(call);
    const folder = resolve(call.workspace, input("path").replace(/^~/, call.env["HOME"] ?? "~"));
    const artifacts = await selectArtifacts(source, call);
    const together = input("name") !== "" || input("merge-multiple") === "true" || artifacts.length === 1;
    for (const artifact of artifacts) {
      call.log(`- ${artifact.name} (ID: ${artifact.id}, Size: ${artifact.size}, Expected Digest: ${artifact.digest})`);
      await downloadArtifact(source, artifact, together ? folder : join(folder, artifact.name), call);
    }
    call.log(`Total of ${artifacts.length} artifact(s) downloaded`);
    return { outputs: { "download-path": folder } };
  } catch (error) {
    throw new Error(`Unable to download artifact(s): ${errorMessage(error)}`);
  }
}

/** As in the real action, a token selects the REST API, which serves every run that the token may read. */
function sourceOf(call: BuiltinCall): ArtifactSource {
  const token = getInput(call.inputs, "github-token");
  if (token === "") return createArtifactClient(call);
  const [repository, run] = [getInput(call.inputs, "repository"), getInput(call.inputs, "run-id")];
  return createRestArtifactSource({ apiUrl: String(call.github["api_url"]), repository, run, token }, call.signal);
}

async function selectArtifacts(source: ArtifactSource, { inputs }: BuiltinCall): Promise<readonly StoredArtifact[]> {
  const [name, ids, pattern] = ["name", "artifact-ids", "pattern"].map((input) => getInput(inputs, input));
  if (name && ids)
    throw new Error("Inputs 'name' and 'artifact-ids' cannot be used together. Please specify only one.");
  const all = await source.list();
  if (name) {
    const found = all.filter((artifact) => artifact.name === name);
    if (found.length === 0) throw new Error(`Artifact not found for name: ${name}`);
    return found;
  }
  if (ids) {
    const numbers = ids.split(",").map((id) => Number.parseInt(id, 10));
    const found = all.filter(({ id }) => numbers.includes(id));
    if (found.length === 0) throw new Error("None of the provided artifact IDs were found");
    return found;
  }
  if (!pattern) return all;
  if (/[{}()]/.test(pattern)) throw new Error(`the pattern '${pattern}': braces and parentheses are not supported`);
  return all.filter((artifact) => matchesName(pattern, artifact.name));
}

async function downloadArtifact(
  source: ArtifactSource,
  artifact: StoredArtifact,
  folder: string,
  call: BuiltinCall,
): Promise<void> {
  const { content, isZip } = await source.download(artifact);
  if (`sha256:${createHash("sha256").update(content).digest("hex")}` !== artifact.digest)
    reportDigestMismatch(artifact, call);
  await mkdir(folder, { recursive: true });
  if (!isZip || getInput(call.inputs, "skip-decompress") === "true") {
    await writeFile(join(folder, isZip ? `${artifact.name}.zip` : artifact.name), content);
    return;
  }
  for (const [name, bytes] of Object.entries(await promisify<Uint8Array, Unzipped>(unzip)(content))) {
    const file = resolve(folder, name);
    if (!file.startsWith(`${folder}/`))
      throw new Error(`the artifact ${artifact.name} contains a path outside the download folder: ${name}`);
    if (name.endsWith("/")) continue;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
}

function reportDigestMismatch({ name }: StoredArtifact, { inputs, log }: BuiltinCall): void {
  const reaction = getInput(inputs, "digest-mismatch");
  const message = `Artifact '${name}' digest validation failed. Please verify the integrity of the artifact.`;
  if (reaction === "error") throw new Error(message);
  if (reaction === "warn") log(`::warning::${message}`);
  else if (reaction === "info") log(message);
}
