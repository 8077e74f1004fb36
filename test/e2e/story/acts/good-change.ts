/** A change that is better everywhere. */
import { type Act, done, note } from "../act.ts";
import { runFor } from "../await-run.ts";
import { freeCare } from "../changes.ts";
import { expectJobs, showPull } from "../observe.ts";
import type { Stage } from "../stage.ts";

/** @param before What main must not move under: a change beside this one would conflict with it, and be told only that. */
export async function goodChange(
  { github, alice }: Stage,
  before: Promise<unknown>,
): Promise<Act & { readonly commit: string }> {
  const title = "Tell free care from cheap care";
  const pushed = await alice.push({ branch: "free-care", files: freeCare(), message: title });
  const pull = await alice.openPullRequest({ head: "free-care", title, body: "Free care is a plan of its own kind." });
  const run = await runFor(github, "pull-request.yml", pushed);
  expectJobs(github, run, { data: "success", train: "success", gate: "success", report: "success" });
  const shows = showPull(github, pull);
  await before;
  const commit = await alice.merge(pull.number);
  expectJobs(github, await runFor(github, "main.yml", commit), { train: "success" });
  return {
    title: "A good change merges",
    lines: [
      note("alice adds one feature: whether care is free"),
      done("better over all and for people in poor health; it merges, and main is trained anew"),
    ],
    shows,
    commit,
  };
}
