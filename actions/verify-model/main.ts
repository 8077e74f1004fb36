/** Entry of the action. */
import { runAction } from "../../shared/action/run-action.ts";
import { connect } from "./connect.ts";
import { run } from "./run.ts";
import { spec } from "./spec.ts";

await runAction(spec, run, connect);
