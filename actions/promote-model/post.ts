/** Entry of the post step. */
import { runPost } from "../../shared/action/run-action.ts";
import { abandon } from "./abandon.ts";
import { connect } from "./connect.ts";
import { spec } from "./spec.ts";

await runPost(spec, abandon, connect);
