/** The public interface of dispatch-training: inputs, outputs, permissions. */
import { allowUnverifiedTls } from "../../shared/action/assert-safe-environment.ts";
import { input } from "../../shared/action/input.ts";
import { output } from "../../shared/action/output.ts";
import { defineAction } from "../../shared/action/spec.ts";

export const spec = defineAction({
  name: "dispatch-training",
  summary: "Start a training workflow for a commit, log why it waits, fetch its record; green only when it succeeded",
  branding: { icon: "send", color: "purple" },
  inputs: {
    workflow: input.text({ doc: "File name of the workflow that trains, in this repository", example: "train.yml" }),
    ref: input.text({
      doc: "Branch or tag whose version of that workflow runs. Empty: the default branch, which a pull request cannot change",
      default: "",
    }),
    commit: input.text({
      doc: "The commit to train, a full SHA; passed as the workflow's input `commit`, if it has one. Empty: the commit of this run; for a pull request, its test merge",
      default: "",
    }),
    inputs: input.json({
      doc: "Further inputs of the workflow, as JSON; checked against its declared inputs before anything is started",
      default: "{}",
      example: '{"epochs": 10}',
    }),
    model: input.text({
      doc: "Which of the policy's `models`: needed where there are several",
      default: "",
      example: "visits",
    }),
    force: input.flag({
      doc: "Train also when the policy would skip it, because nothing of `train.skip` differs from an earlier training",
      default: "false",
    }),
    artifact: input.text({ doc: "The artifact with the training record", default: "training-record" }),
    record: input.path({ doc: "Where to write the training record", default: "training-record.json" }),
    timeout: input.duration({ doc: "After this time the training is cancelled", default: "5h30m", example: "2h" }),
    "start-timeout": input.duration({
      doc: "A training is cancelled when one of its jobs has waited so long to start: for a runner, a concurrency group or an approval. Waiting behind a job of its own run does not count",
      default: "1h",
    }),
    grace: input.duration({
      doc: "How long a cancelled training may take to save and end before its end is forced; at most 4m",
      default: "3m",
    }),
    "allow-forks": input.flag({
      doc: "Also start a training for a fork's pull request. The fork's code then runs on that workflow's runner",
      default: "false",
    }),
    token: input.secret({ doc: "Starts and follows the workflow", default: "${{ github.token }}" }),
    "token-command": input.text({
      doc: "Lines of a bash script that prints a fresh token; run when GitHub refuses `token`, for example because that of a GitHub App has expired after an hour. Pass its secrets by `env:`",
      default: "",
      example: "node get-app-token.mjs",
    }),
    "allow-unverified-tls": allowUnverifiedTls,
  },
  outputs: {
    outcome: output.oneOf(
      ["success", "failure", "cancelled", "timed-out", "waiting"],
      "Outcome of the training; `waiting`: trainings are on demand, and nobody who may has asked for one",
      "failure",
    ),
    commit: output.text("The commit that was trained; empty when nothing was started"),
    record: output.path("The training record, `mlops-actions/training-record`"),
    "run-id": output.text("ID of the run that trained"),
    "run-url": output.text("URL of that run"),
  },
  permissions: {
    actions: { access: "write", reason: "starts, follows and cancels the workflow, and fetches its record" },
    checks: {
      access: "read",
      reason: "reads the error messages of a training that failed; without it they are left out",
    },
    statuses: {
      access: "write",
      reason: "only for training on demand: the commit status that a pull request waits for",
    },
    "pull-requests": { access: "read", reason: "only for training on demand: reads the head of the pull request" },
    contents: {
      access: "read",
      reason: "reads the workflow's file, to know its inputs, and the policy, if there is one",
    },
  },
  // A job's token is valid for a day; `timeout` limits the wait.
  deadline: 24 * 60 * 60_000,
  post: true,
});
