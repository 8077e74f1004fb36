/** Connects train-model to the machine and the workspace. */
import { join } from "node:path";
import type { Connect } from "../../shared/action/run-action.ts";
import { readCheckoutRecordVersion } from "../../shared/adapters/files/checkout-record-version.ts";
import { createWorkspaceFiles } from "../../shared/adapters/files/create-workspace-files.ts";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { fingerprintFile } from "../../shared/adapters/files/fingerprint-file.ts";
import { guardCommandFiles } from "../../shared/adapters/process/command-files.ts";
import { isWithheldCredential, listGranted } from "../../shared/core/training/credentials.ts";
import { maskCommand } from "../../shared/core/training/mask-command.ts";
import { formatRecord } from "../../shared/records/format-record.ts";
import { readCheckout } from "./checkout.ts";
import { describeMachine } from "./describe-machine.ts";
import { keepTrainingLog } from "./keep-training-log.ts";
import { openCheckpoints } from "./open-checkpoints.ts";
import type { Ports } from "./run.ts";
import type { spec } from "./spec.ts";
import { createTrainPort, stopTraining } from "./training-process.ts";
import { type MachineWatch, watchMachine } from "./watch-machine.ts";

/** Beside this file, and in a bundle in a folder of its own. */
const watchdog = join(import.meta.dirname, import.meta.filename.endsWith(".ts") ? "watchdog.ts" : "watchdog/index.js");

/** @param env the environment variables of the step, which the training gets too */
export const connectWith =
  (env: NodeJS.ProcessEnv): Connect<typeof spec, Ports> =>
  ({ inputs, context, log }) => {
    const files = createWorkspaceFiles(context.workspace);
    let watch: MachineWatch | undefined;
    return {
      files,
      fingerprint: (path) => fingerprintFile(context.workspace, path),
      digestOf,
      openCheckpoints: (key) => openCheckpoints(key, { inputs, context, files, env }),
      now: () => new Date(),
      readCheckout: () => readCheckout(context.workspace, context.temp),
      machine: {
        environment: env["RUNNER_ENVIRONMENT"] ?? "unknown",
        describe: () => describeMachine(env, context.workspace),
        watch: (probe) => (watch = watchMachine(probe, env)),
      },
      credentials: {
        withheldButThere: Object.keys(env).filter((name) => isWithheldCredential(name, inputs.grant)),
        granted: listGranted(Object.keys(env), inputs.grant),
      },
      guardCommandFiles: () => guardCommandFiles(env),
      commandRecord: () => maskCommand(inputs.command, env),
      readRecordVersion: () => readCheckoutRecordVersion(files, { reader: "train-model", model: inputs["model-name"] }),
      writeRecord: (record) => files.write(inputs.record, formatRecord(record)),
      keepLog: (outputPath) => keepTrainingLog(outputPath, { inputs, files, env }),
      train: createTrainPort({ inputs, context, log, env, watchdog, gpuLoad: () => watch?.load() ?? [] }),
      stopTraining: (postState) => stopTraining(postState, inputs, log),
    };
  };

export const connect = connectWith(process.env);
