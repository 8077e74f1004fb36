/** The action, for a job that failed before it: the comment and the summary name the cause. The step that failed is red already. */
import { runAction } from "../../shared/action/run-action.ts";
import { connect } from "./connect.ts";
import { run } from "./run.ts";
import { spec } from "./spec.ts";

await runAction(spec, async (scope) => ({ ...(await run(scope)), failed: undefined }), connect);
