/** A commit of main becomes a version with a number, a digest and somebody who answers for it. */
import { type Act, done } from "../act.ts";
import { over, runFor } from "../await-run.ts";
import { expectJobs, showSummaries } from "../observe.ts";
import type { Stage } from "../stage.ts";

export async function register({ github, alice }: Stage, version: string, commit: string): Promise<Act> {
  const trained = await runFor(github, "main.yml", commit);
  const inputs = { version, run: String(trained.id), approval_date: "2026-11-20" };
  const run = await over(github, await alice.dispatch("register.yml", { inputs }));
  expectJobs(github, run, { register: "success" });
  return {
    title: `${version} is registered`,
    lines: [
      done(
        `alice registers what main trained as visits@${version}: a tag with the model's digest, its lineage and its owner`,
      ),
    ],
    shows: showSummaries(run),
  };
}
