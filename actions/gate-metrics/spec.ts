/** The public interface of gate-metrics: inputs, outputs, permissions. */
import { allowUnverifiedTls } from "../../shared/action/assert-safe-environment.ts";
import { input } from "../../shared/action/input.ts";
import { output } from "../../shared/action/output.ts";
import { defineAction } from "../../shared/action/spec.ts";

export const spec = defineAction({
  name: "gate-metrics",
  summary: "Fail the job when the model got worse than the policy of the base branch allows",
  branding: { icon: "shield", color: "purple" },
  inputs: {
    metrics: input.paths({
      doc: "The training record, or metric files (JSON or CSV), one path or glob per line. Only a training record shows that its numbers are about this commit",
      example: "training-record.json",
    }),
    model: input.text({
      doc: "Which of the policy's `models`: needed where there are several. The verdict names it",
      default: "",
      example: "visits",
    }),
    "data-report": input.path({
      doc: "The report of check-data: the training must have used exactly this data, and the data must have passed. Empty: not compared",
      default: "",
      example: "data-report.json",
    }),
    baseline: input.oneOf(["base", "none"], {
      doc: "`base`: the training record that the base branch's own run (push or schedule) made for the commit that this change is merged onto. `none`: no baseline; rules that need one fail",
      default: "base",
    }),
    "baseline-artifact": input.text({
      doc: "Name of the artifact to which runs of the base branch upload their training record",
      default: "training-record",
    }),
    "first-run": input.oneOf(["fail", "allow"], {
      doc: "`allow`: while the branch has never had a baseline, rules that need one are inconclusive instead of failed. It has no effect once there was a baseline, even one that has expired",
      default: "fail",
    }),
    commit: input.text({
      doc: "For training on demand: the output `commit` of dispatch-training, which must still be the head of the event's pull request. Empty: the commit of the event",
      default: "",
    }),
    record: input.path({ doc: "Where to write the verdict", default: "verdict.json" }),
    token: input.secret({
      doc: "Reads the policy, the commit and the baseline",
      default: "${{ github.token }}",
    }),
    "allow-unverified-tls": allowUnverifiedTls,
  },
  outputs: {
    verdict: output.oneOf(
      ["pass", "fail", "inconclusive", "error"],
      "Whether the gate is open; `inconclusive`: an allowed first run; `error`: no verdict",
      "error",
    ),
    record: output.path("The verdict, `mlops-actions/verdict`"),
  },
  permissions: {
    contents: {
      access: "read",
      reason: "reads the policy at a trusted commit, and which commit the change is merged onto",
    },
    statuses: {
      access: "write",
      reason: "only where the policy trains on demand: sets the commit status that pull requests wait for",
    },
    "pull-requests": { access: "read", reason: "only with the input `commit`: reads the head of the pull request" },
    actions: { access: "read", reason: "reads the baseline from the artifacts of the base branch's runs" },
  },
});
