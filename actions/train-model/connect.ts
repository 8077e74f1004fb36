/** Connects train-model to the machine and the workspace. */
import type { Connect } from "../../shared/action/run-action.ts";
import { createFiles } from "../../shared/adapters/files/create-files.ts";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { fingerprintOf } from "../../shared/adapters/files/fingerprint.ts";
import { commandRecord } from "../../shared/core/training/command-record.ts";
import { checkedOutCommit } from "./checked-out.ts";
import { endTraining, launch } from "./launch.ts";
import { describeMachine } from "./machine.ts";
import type { Ports } from "./run.ts";
import type { spec } from "./spec.ts";

/** @param env the variables of the step, which the training gets too */
export const connectIn =
  (env: NodeJS.ProcessEnv): Connect<typeof spec, Ports> =>
  ({ inputs, context, log, signal }) => {
    const files = createFiles(context.workspace);
    return {
      files,
      fingerprint: (path) => fingerprintOf(context.workspace, path),
      digestOf,
      now: () => new Date(),
      checkedOut: () => checkedOutCommit(context.workspace, signal),
      machine: { kind: env["RUNNER_ENVIRONMENT"] ?? "unknown", describe: () => describeMachine(env) },
      commandRecord: () => commandRecord(inputs.command, env),
      writeRecord: (record) => files.write(inputs.record, `${JSON.stringify(record, null, 2)}\n`),
      train: launch({ inputs, context, log, env }),
      end: (unfinished) => endTraining(unfinished, inputs, log),
    };
  };

export const connect = connectIn(process.env);
