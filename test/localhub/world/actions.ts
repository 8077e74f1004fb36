/** The parts of a run, and the machines it runs on: workflows, steps, log lines, caches, runners. */
import type { Annotation } from "./checks.ts";
import type { Account } from "./identity.ts";

export interface Workflow {
  readonly id: number;
  readonly path: string;
  name: string;
  state: "active" | "disabled_manually" | "deleted";
  readonly createdAt: Date;
  updatedAt: Date;
}

export interface ReferencedWorkflow {
  /** `owner/repo/.github/workflows/file.yml@ref`. */
  readonly path: string;
  readonly sha: string;
  readonly ref: string;
}

export interface EnvironmentApproval {
  readonly state: "approved" | "rejected";
  readonly comment: string;
  readonly user: Account;
  readonly environments: readonly string[];
}

export interface StepRecord {
  readonly number: number;
  name: string;
  status: "queued" | "in_progress" | "completed";
  conclusion: "success" | "failure" | "cancelled" | "skipped" | null;
  startedAt: Date | null;
  completedAt: Date | null;
  /** The Markdown the step wrote to its summary file, already masked. */
  summary: string;
  readonly annotations: Annotation[];
}

/** A masked line of a job's log. `step` is the number of the step that wrote it. */
export interface LogLine {
  readonly step: number;
  readonly at: Date;
  readonly text: string;
}

export interface CacheEntry {
  readonly id: number;
  readonly key: string;
  /** A hash of the cached paths and the compression method: a lookup finds only entries of the same version. */
  readonly version: string;
  /** The ref whose runs may read it, besides children of the default branch. */
  readonly ref: string;
  /** Bytes. */
  readonly size: number;
  /** Where the content is on disk. */
  readonly file: string;
  readonly createdAt: Date;
  lastAccessedAt: Date;
}

export interface Runner {
  readonly id: number;
  readonly name: string;
  readonly os: "linux" | "macos" | "windows";
  /** What `runs-on` must be a subset of; compared without case. */
  readonly labels: readonly RunnerLabel[];
  readonly group: RunnerGroup;
  /** Leaves the pool after one job. */
  readonly ephemeral: boolean;
  /** GitHub-hosted runners are not listed by the API, and every job gets one of its own. */
  readonly hosted: boolean;
  status: "online" | "offline";
  busy: boolean;
}

export interface RunnerLabel {
  readonly name: string;
  readonly type: "read-only" | "custom";
}

export interface RunnerGroup {
  readonly id: number;
  readonly name: string;
  readonly default: boolean;
  /** Workflow files (`owner/repo/path@ref`) the group is restricted to; `undefined`: all. */
  readonly workflows: readonly string[] | undefined;
}
