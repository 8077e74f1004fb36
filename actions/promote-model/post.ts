/** Entry of the post step. */
import { hasLeftState } from "../../shared/action/left-state.ts";
import { BEGUN_PLAN } from "./begun-plan.ts";

if (hasLeftState(BEGUN_PLAN)) await import("./post-step.ts");
