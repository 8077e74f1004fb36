/** The local GitHub as this room's adapters see it: for tests. */

import type { LocalGitHub } from "@mlops-actions/localhub";
import type { TrainingRecord } from "../../records/training-record.ts";
import { createGitHub } from "../github/client.ts";
import type { GitHub } from "../github/github.ts";
import { createFakeTime, silentLog } from "../github/testing.ts";
import { downloadRecord } from "./download-record.ts";

/** A client that never really waits. */
export function createDispatchClient(github: LocalGitHub, token = github.token): GitHub {
  const context = { urls: { api: github.apiUrl, server: github.url }, repository: "octo/model" };
  return createGitHub({ token, context, log: silentLog, signal: new AbortController().signal, time: createFakeTime() });
}

/** What a run left in its artifact `training-record`. */
export async function downloadTrainingRecord(github: LocalGitHub, run: number): Promise<TrainingRecord> {
  return (await downloadRecord(createDispatchClient(github), { id: run, attempt: 1 }, "training-record")).record;
}
