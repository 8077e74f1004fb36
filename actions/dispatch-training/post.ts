/** Entry of the post step. */
import { hasLeftState } from "../../shared/action/left-state.ts";
import { DISPATCHED_RUN } from "./saved-dispatched-run.ts";

if (hasLeftState(DISPATCHED_RUN)) await import("./post-step.ts");
