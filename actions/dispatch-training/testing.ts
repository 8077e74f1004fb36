/** dispatch-training against the local GitHub, where an hour of waiting passes in a moment. */
import { setTimeout as sleep } from "node:timers/promises";
import { type LocalGitHub, type LocalGitHubOptions, startLocalGitHub } from "@mlops-actions/localhub";
import { createTrainingRecordJson } from "../../shared/adapters/baseline/testing.ts";
import type { Time } from "../../shared/adapters/github/time.ts";
import { type Play, type PlayedAction, playAction, playPost } from "../../test/fixture/play-action.ts";
import { connectWith } from "./connect.ts";
import { finish } from "./finish.ts";
import { run } from "./run.ts";
import { spec } from "./spec.ts";

interface FastTimeOptions {
  /** What a minute takes, in milliseconds: enough for a run to get further between two requests. */
  readonly pause?: number;
  /** Called with the minutes that have passed, before each wait ends. */
  readonly onTime?: (minutes: number) => void;
}

function createFastTime(pause: number, onTime: (minutes: number) => void = () => {}): Time {
  let now = 0;
  return {
    now: () => now,
    random: () => 0.5,
    async sleep(ms, signal) {
      now += ms;
      onTime(now / 60_000);
      await sleep(Math.min(pause, ms), undefined, signal && { signal }).catch(() => undefined);
      signal?.throwIfAborted();
    },
  };
}

const TRAIN_INPUTS = `
      commit: { required: true, type: string }
      request: { default: "", type: string }
      epochs: { default: 3, type: number }`;

/** A workflow that uploads the record of a successful training of `commit`, the requested one unless given. */
export function trainWorkflow(
  options: { readonly job?: string; readonly work?: string; readonly commit?: string; readonly inputs?: string } = {},
): string {
  const origin = { repository: "octo/model", workflow: "train.yml", run: 4711, attempt: 1, actor: "alice" };
  return `
name: train
run-name: train \${{ inputs.commit }} \${{ inputs.request }}
on:
  workflow_dispatch:
    inputs:${options.inputs ?? TRAIN_INPUTS}
jobs:
  train:
    ${options.job ?? "runs-on: ubuntu-latest"}
    steps:
      - run: ${options.work ?? "true"}
      - env: { RECORD: '${createTrainingRecordJson({ mae: 0.5 }, { origin })}', COMMIT: "${options.commit ?? "${{ inputs.commit }}"}" }
        run: echo "$RECORD" | sed "s/[$]COMMIT/$COMMIT/; s/4711/$GITHUB_RUN_ID/" > training-record.json
      - uses: actions/upload-artifact@v7
        with: { name: training-record, path: training-record.json }
`;
}

export interface DispatchFixture extends AsyncDisposable {
  readonly hub: LocalGitHub;
  readonly commit: string;
  dispatch(play?: Play<typeof spec>, time?: FastTimeOptions): Promise<PlayedAction<typeof spec>>;
  /** The log of the post step after the last dispatch. */
  post(): Promise<string>;
}

export async function createFixture(
  options: LocalGitHubOptions & { readonly train?: string } = {},
): Promise<DispatchFixture> {
  const { train = trainWorkflow(), ...rest } = options;
  const hub = await startLocalGitHub({ ...rest, files: { ".github/workflows/train.yml": train, ...rest.files } });
  let last: PlayedAction<typeof spec> | undefined;
  return {
    hub,
    commit: (await hub.repository.git.resolve("refs/heads/main")) ?? "",
    async dispatch(play = {}, { pause = 20, onTime } = {}) {
      const inputs = { workflow: "train.yml", ...play.inputs };
      last = await playAction(spec, run, connectWith(createFastTime(pause, onTime)), { hub, ...play, inputs });
      return last;
    },
    async post() {
      if (last === undefined) throw new Error("nothing was dispatched");
      return (await playPost(spec, finish, connectWith(createFastTime(200)), last)).log;
    },
    [Symbol.asyncDispose]: () => hub.close(),
  };
}

/** Acts when the log contains this text. */
export const whenLogged =
  (text: string, act: (cancel: () => void) => unknown): NonNullable<Play<typeof spec>["onLog"]> =>
  (line, cancel) =>
    line.includes(text) ? act(cancel) : undefined;
