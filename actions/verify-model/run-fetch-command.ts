/** The user's own command that fetches the files: whatever it puts into the folder is compared afterwards. */
import type { Log } from "../../shared/action/log.ts";
import { runShortCommand } from "../../shared/adapters/process/run-short-command.ts";
import { describeLocation } from "../../shared/core/registry/bytes/describe-location.ts";
import { environmentOfStep } from "../../shared/core/training/training-environment.ts";
import { userError } from "../../shared/problem/problem.ts";
import type { ModelVersionRecord } from "../../shared/records/model-version.ts";

interface FetchCommand {
  readonly command: string;
  /** Absolute paths. */
  readonly workspace: string;
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Pick<Log, "info">;
  readonly signal: AbortSignal;
}

/** The action's own deadline comes first. */
const TIMEOUT_MS = 6 * 60 * 60_000;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
const SHOWN_LINES = 50;

/** @throws ActionError `command-failed` */
export async function runFetchCommand(
  { version, modelDigest, locations = [] }: ModelVersionRecord,
  { command, workspace, folder, env, log, signal }: FetchCommand,
): Promise<void> {
  const result = await runShortCommand({
    program: "bash",
    args: ["-e", "-o", "pipefail", "-c", command],
    cwd: workspace,
    env: {
      // It may ask a cloud for a role, as a step of its own could.
      ...environmentOfStep(env, "oidc"),
      MODEL_FOLDER: folder,
      MODEL_VERSION: version,
      MODEL_DIGEST: modelDigest,
      MODEL_LOCATIONS: locations
        .map((location) => ("uri" in location ? location.uri : describeLocation(location)))
        .join("\n"),
    },
    timeout: TIMEOUT_MS,
    maxBytes: MAX_OUTPUT_BYTES,
    signal,
  });
  if (result.kind === "exited") {
    for (const line of result.output.toString("utf8").trimEnd().split("\n").slice(-SHOWN_LINES)) log.info(line);
    if (result.code === 0) return;
  }
  const how =
    result.kind === "exited"
      ? `ended with ${result.code ?? "a signal"}`
      : result.kind === "not-started"
        ? `could not be started: ${result.reason}`
        : result.kind === "timed-out"
          ? "took too long"
          : `printed more than ${MAX_OUTPUT_BYTES / 1024 / 1024} MiB`;
  throw userError({
    code: "command-failed",
    message: `the command that fetches the model ${how}`,
    fix: "Look at its last lines above; run it by itself in a step to see all of them",
  });
}
