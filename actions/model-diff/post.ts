/** Entry before the job's steps and after them: it acts only where the job failed before the action itself was reached. */
import { hasLeftState } from "../../shared/action/left-state.ts";
import { LEFT_REACHED } from "./left-reached.ts";

if (process.env["INPUT_JOB-STATUS"] === "failure" && !hasLeftState(LEFT_REACHED)) await import("./post-step.ts");
