/** The story of verify-model: what was registered, the bytes from where they lie, and whether each of them is the same. */
import type { ActionBody, ActionScope } from "../../shared/action/run-action.ts";
import { compareFiles, type FoundEntry } from "../../shared/core/registry/bytes/compare-files.ts";
import { findVersionTag, parseVersionTag } from "../../shared/core/registry/registered-version.ts";
import { type Problem, refused } from "../../shared/problem/problem.ts";
import type { ModelVersionRecord } from "../../shared/records/model-version.ts";
import { renderVerification } from "../../shared/report/verification.ts";
import { assertCommandFits } from "./assert-command-fits.ts";
import { compareByDigest } from "./compare-by-digest.ts";
import { fetchFromLocations } from "./fetch-from-locations.ts";
import type { Ports } from "./ports.ts";
import type { spec } from "./spec.ts";

type Scope = Pick<ActionScope<typeof spec, Ports>, "inputs" | "ports" | "log">;

export const run: ActionBody<typeof spec, Ports> = async ({ inputs, ports, log }) => {
  assertCommandFits(inputs.from, inputs.command);

  // Gather: what was registered, and the bytes.
  const record = await readApproved(inputs, ports);
  const taken = await takeFiles(record, { inputs, ports, log });

  // Decide: each file, and no other.
  const problems =
    record.files === undefined
      ? compareByDigest(record.modelDigest, taken.found, ports.digestOf)
      : compareFiles(record.files, taken.found);

  // Show.
  for (const problem of problems) log.error(problem);
  const [first] = problems;
  if (first !== undefined && inputs.from !== "folder") await ports.discard();
  const bytes = taken.found.reduce((sum, entry) => sum + (entry.kind === "file" ? entry.bytes : 0), 0);
  const compared = { files: taken.found.length, bytes, source: taken.source };
  if (first === undefined)
    log.notice(`${record.model} ${record.version} is what was registered: ${compared.files} files, ${bytes} bytes`);
  return {
    outputs: {
      result: first === undefined ? "verified" : "differs",
      folder: first === undefined ? inputs.folder : "",
      "model-digest": record.modelDigest,
      files: String(compared.files),
      bytes: String(bytes),
      source: compared.source,
    },
    summary: renderVerification(record, compared, problems),
    failed: first && summarize(record, problems),
  };
};

/** @throws ActionError (a refusal) `model-digest-not-approved`: the tag says something else than was approved */
async function readApproved(
  { model, version, "model-digest": approved }: Scope["inputs"],
  { registry, digestOf }: Ports,
): Promise<ModelVersionRecord> {
  const tag = findVersionTag(model, version, await registry.list(model));
  const { record } = parseVersionTag(await registry.read(tag), "verify-model", digestOf);
  if (approved === "" || approved === record.modelDigest) return record;
  throw refused({
    code: "model-digest-not-approved",
    message: `the tag ${tag.name} has the model digest ${record.modelDigest}, and approved was ${JSON.stringify(approved.slice(0, 80))}`,
    fix: "Deploy nothing of it; find out who changed the tag",
  });
}

interface Taken {
  readonly found: readonly FoundEntry[];
  readonly source: string;
}

async function takeFiles(record: ModelVersionRecord, { inputs, ports, log }: Scope): Promise<Taken> {
  if (inputs.from === "locations") return fetchFromLocations(record, ports, log);
  if (inputs.from === "command") await ports.runCommand(record);
  return { found: await ports.readFolder(), source: inputs.from === "command" ? "the command" : inputs.folder };
}

const summarize = ({ model, version }: ModelVersionRecord, problems: readonly Problem[]): Problem => ({
  code: "model-differs",
  message: `these are not the bytes of ${model} ${version}: ${problems.length} ${problems.length === 1 ? "file is" : "files are"} wrong`,
  fix: "Deploy nothing of it",
});
