/** The local GitHub as this room's adapters see it: for tests. */

import type { LocalGitHub } from "../../../test/localhub/index.ts";
import type { TrainingRecord } from "../../records/training-record.ts";
import { createGitHub } from "../github/client.ts";
import type { GitHub } from "../github/github.ts";
import { quietLog, recordedTime } from "../github/testing.ts";
import { fetchLeftRecord } from "./left-record.ts";

/** A client that never really waits. */
export function clientOf(github: LocalGitHub, token = github.token): GitHub {
  const context = { urls: { api: github.apiUrl, server: github.url }, repository: "octo/model" };
  return createGitHub({ token, context, log: quietLog, signal: new AbortController().signal, time: recordedTime() });
}

/** What a run left in its artifact `training-record`. */
export async function readLeftRecord(github: LocalGitHub, run: number): Promise<TrainingRecord> {
  return (await fetchLeftRecord(clientOf(github), { id: run, attempt: 1 }, "training-record")).record;
}
