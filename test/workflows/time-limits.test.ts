/** A job's limit leaves the action in it the time to end by itself: a job that is cut off keeps no checkpoint and no record. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { spec as dispatchTraining } from "../../actions/dispatch-training/spec.ts";
import { spec as trainModel } from "../../actions/train-model/spec.ts";
import type { InputSpecs } from "../../shared/action/spec.ts";

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
}
interface Job {
  readonly "runs-on": string | readonly string[];
  readonly "timeout-minutes": number;
  readonly steps: readonly Step[];
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const ACTIONS: Readonly<Record<string, { readonly inputs: InputSpecs }>> = {
  "dispatch-training": dispatchTraining,
  "train-model": trainModel,
};
/** For the checkout, the uploads, and what an action does after its own limit. */
const MARGIN_MINUTES = 5;
/** GitHub docs, usage limits: a job on a GitHub-hosted runner. */
const MAX_HOSTED_MINUTES = 360;

const templates = readdirSync(join(root, "workflows-templates")).filter((name) => name.endsWith(".yml"));
const waits = templates.flatMap((file) => {
  const { jobs } = parse(readFileSync(join(root, "workflows-templates", file), "utf8")) as {
    jobs: Record<string, Job>;
  };
  return Object.entries(jobs).flatMap(([name, job]) =>
    job.steps.flatMap((step) => {
      const [, action = ""] = /\/actions\/([a-z-]+)@/.exec(step.uses ?? "") ?? [];
      return action in ACTIONS ? [[`${file}: ${name}`, action, job, step] as const] : [];
    }),
  );
});

/** As the action reads it, in minutes. */
function minutesOf(action: string, name: string, step: Step): number {
  const input = ACTIONS[action]?.inputs[name];
  const parsed = input?.parse(step.with?.[name] ?? input.default ?? "");
  if (parsed === undefined || "error" in parsed) throw new Error(`${action} has no limit ${name}`);
  return Number(parsed.value) / 60_000;
}

test("every template that trains is looked at", () => {
  expect(waits.length).toBeGreaterThanOrEqual(5);
});

test.each(waits)("%s leaves %s its time, and more", (_, action, job, step) => {
  const needed = minutesOf(action, "timeout", step) + minutesOf(action, "grace", step) + MARGIN_MINUTES;
  expect(job["timeout-minutes"]).toBeGreaterThanOrEqual(needed);
  if (job["runs-on"] === "ubuntu-latest") expect(job["timeout-minutes"]).toBeLessThanOrEqual(MAX_HOSTED_MINUTES);
});
