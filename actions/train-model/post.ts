/** Entry of the post step. */
import { hasLeftState } from "../../shared/action/left-state.ts";
import { LEFT_RUNNING } from "./left-running.ts";

if (hasLeftState(LEFT_RUNNING)) await import("./post-step.ts");
