/** A commit of main becomes a version with a number, a digest and somebody who answers for it. */
import { type Act, done } from "../act.ts";
import { expectJobs, newestRun, showSummaries } from "../observe.ts";
import type { Stage } from "../stage.ts";

export async function register({ github, alice }: Stage, version: string): Promise<Act> {
  const trained = newestRun(github, "main.yml");
  const inputs = { version, run: String(trained.id), approval_date: "2026-11-20" };
  const run = await alice.run("register.yml", { inputs });
  expectJobs(github, run, { register: "success" });
  return {
    title: `${version} is registered`,
    lines: [
      done(`alice registers main as visits@${version}: a tag with the model's digest, its lineage and its owner`),
    ],
    shows: showSummaries(newestRun(github, "register.yml")),
  };
}
