/** What the post step does when there is something to do. */
import { runPost } from "../../shared/action/run-action.ts";
import { abandon } from "./abandon.ts";
import { connect } from "./connect.ts";
import { spec } from "./spec.ts";

await runPost(spec, abandon, connect);
