/** For tests of dispatched runs: the training record of a run on the local GitHub. */
import type { LocalGitHub, WorkflowRun } from "@mlops-actions/localhub";
import { strToU8, zipSync } from "fflate";
import type { TrainingRecord } from "../../records/training-record.ts";
import { createTestClient } from "../github/testing.ts";
import { downloadRecord } from "./download-record.ts";

/** The record in the run's artifact `training-record`. */
export async function downloadTrainingRecord(hub: LocalGitHub, run: number): Promise<TrainingRecord> {
  return (await downloadRecord(createTestClient(hub), { id: run, attempt: 1 }, "training-record")).record;
}

/** As a server's artifact service keeps it that the local GitHub has no client for. */
export function storeTrainingRecord(hub: LocalGitHub, run: WorkflowRun, record: string): void {
  hub.storeArtifact(run, "training-record", zipSync({ "training-record.json": strToU8(record) }));
}
