/** dispatch-training in this process against the local GitHub, where an hour of waiting passes in a moment. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type LocalGitHub, type LocalGitHubOptions, startLocalGitHub } from "@mlops-actions/localhub";
import { runAction, runPost } from "../../shared/action/run-action.ts";
import { fakeHost } from "../../shared/action/testing.ts";
import type { Time } from "../../shared/adapters/github/time.ts";
import { connectWith } from "./connect.ts";
import { finish } from "./finish.ts";
import { run } from "./run.ts";
import { spec } from "./spec.ts";

/** @param pause what a minute takes: enough for a run to get further between two questions, in milliseconds */
function createFastTime(pause: number): Time {
  let now = 0;
  return {
    now: () => now,
    random: () => 0.5,
    async sleep(ms, signal) {
      now += ms;
      await sleep(Math.min(pause, ms), undefined, signal && { signal }).catch(() => undefined);
      signal?.throwIfAborted();
    },
  };
}

const TRAIN_INPUTS = `
      commit: { required: true, type: string }
      request: { default: "", type: string }
      epochs: { default: 3, type: number }`;

/** A workflow that leaves the record of a training that succeeded, about `commit`, unless told otherwise. */
export function trainWorkflow(
  how: { readonly job?: string; readonly work?: string; readonly commit?: string; readonly takes?: string } = {},
): string {
  const record = {
    schema: "mlops-actions/training-record@1",
    ...{ outcome: "success", commit: "COMMIT", dataDigest: null, command: ["true"], params: {} },
    environment: { os: "Linux", arch: "X64", runner: "gpu-1", gpus: [], versions: {} },
    ...{ startedAt: "2026-01-01T00:00:00.000Z", endedAt: "2026-01-01T00:00:01.000Z", exit: { code: 0, signal: null } },
    ...{ metrics: [{ name: "mae", slice: null, value: 0.5 }], metricFiles: [], model: null },
    origin: { repository: "octo/model", workflow: "train.yml", run: 4711, attempt: 1, actor: "alice" },
  };
  return `
name: train
run-name: train \${{ inputs.commit }} \${{ inputs.request }}
on:
  workflow_dispatch:
    inputs:${how.takes ?? TRAIN_INPUTS}
jobs:
  train:
    ${how.job ?? "runs-on: ubuntu-latest"}
    steps:
      - run: ${how.work ?? "true"}
      - env: { RECORD: '${JSON.stringify(record)}', COMMIT: "${how.commit ?? "${{ inputs.commit }}"}" }
        run: echo "$RECORD" | sed "s/COMMIT/$COMMIT/; s/4711/$GITHUB_RUN_ID/" > training-record.json
      - uses: actions/upload-artifact@v7
        with: { name: training-record, path: training-record.json }
`;
}

export interface DispatchTestOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly event?: { readonly name: string; readonly payload: object };
  /** What happens once the log says something. */
  readonly when?: { readonly says: string; readonly act: (cancel: () => void) => unknown };
}

export interface DispatchFixture extends AsyncDisposable {
  readonly github: LocalGitHub;
  readonly commit: string;
  dispatch(
    how?: DispatchTestOptions,
  ): Promise<{ code: number; log: string; outputs: ReadonlyMap<string, string>; record: string }>;
  /** The post step after the last dispatch. */
  post(): Promise<string>;
}

export async function createFixture(
  options: LocalGitHubOptions & { readonly train?: string } = {},
): Promise<DispatchFixture> {
  const { train = trainWorkflow(), ...rest } = options;
  const github = await startLocalGitHub({ ...rest, files: { ".github/workflows/train.yml": train, ...rest.files } });
  const folder = mkdtempSync(join(tmpdir(), "dispatch-training-"));
  const event = join(folder, "event.json");
  const { body } = await github.request("GET /repos/{owner}/{repo}/commits/main");
  const commit: string = body.sha;
  let last: ReturnType<typeof fakeHost> | undefined;

  return {
    github,
    commit,
    async dispatch({ inputs = {}, event: occasion, when } = {}) {
      writeFileSync(event, JSON.stringify(occasion?.payload ?? {}));
      rmSync(join(folder, "training-record.json"), { force: true });
      const host = fakeHost({
        ...{ GITHUB_API_URL: github.apiUrl, GITHUB_EVENT_NAME: occasion?.name ?? "push", GITHUB_EVENT_PATH: event },
        ...{ GITHUB_SHA: commit, GITHUB_WORKSPACE: folder, RUNNER_TEMP: folder },
        ...inputEnv({ ...DEFAULTS, token: github.token, ...inputs }),
      });
      last = host;
      const print = (text: string): void => {
        host.messages.push(text);
        if (when !== undefined && text.includes(when.says)) when.act(host.cancel);
      };
      await runAction(spec, run, connectWith(createFastTime(20)), { ...host, toolkit: { ...host.toolkit, print } });
      return {
        code: host.exitCodes[0] ?? -1,
        log: host.messages.join("\n"),
        outputs: host.outputs,
        record: readIfExists(join(folder, "training-record.json")),
      };
    },
    async post() {
      if (last === undefined) throw new Error("nothing was dispatched");
      const said = last.messages.length;
      await runPost(spec, finish, connectWith(createFastTime(200)), last);
      return last.messages.slice(said).join("\n");
    },
    async [Symbol.asyncDispose]() {
      rmSync(folder, { recursive: true, force: true });
      await github.close();
    },
  };
}

const DEFAULTS = { workflow: "train.yml" };

const inputEnv = (inputs: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));

function readIfExists(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
