/** Entry of the action. */
import { leaveState } from "../../shared/action/left-state.ts";
import { runAction } from "../../shared/action/run-action.ts";
import { connect } from "./connect.ts";
import { LEFT_REACHED } from "./left-reached.ts";
import { run } from "./run.ts";
import { spec } from "./spec.ts";

leaveState(LEFT_REACHED);
await runAction(spec, run, connect);
