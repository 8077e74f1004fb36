/** The public interface of train-model: inputs, outputs, permissions. */
import { input } from "../../shared/action/input.ts";
import { output } from "../../shared/action/output.ts";
import { defineAction } from "../../shared/action/spec.ts";
import { GRANTS } from "../../shared/core/training/credentials.ts";

export const spec = defineAction({
  name: "train-model",
  summary: "Run and supervise the training command, and record its commit, data, parameters and results",
  branding: { icon: "cpu", color: "purple" },
  inputs: {
    command: input.text({
      doc: "Lines of a bash script, run with `-eo pipefail` from the workspace. Pass values by `env:`, never as an expression in the script",
      example: "node train.mjs",
    }),
    params: input.json({
      doc: "Parameters, a flat JSON object: the command gets them as `TRAIN_PARAMS`, and as a file `TRAIN_PARAMS_FILE`",
      default: "{}",
      example: '{"epochs": 10}',
    }),
    metrics: input.paths({
      doc: "Metric files that the command must write, one path or glob per line: JSON, CSV or a scikit-learn report",
      example: "metrics.json",
    }),
    model: input.paths({
      doc: "The model's files, which the command must write; one path or glob per line. Empty: no model is recorded",
      default: "",
      example: "model.json",
    }),
    "model-name": input.text({
      doc: "Which of the policy's `models` is trained: needed where there are several. The record names it",
      default: "",
      example: "visits",
    }),
    predictions: input.paths({
      doc: "Per-example results that the command must write, for paired tests of the gate: CSV, TSV or JSON Lines with an `id` for each example. Keep them in the record's artifact. Empty: none are recorded",
      default: "",
      example: "predictions.csv",
    }),
    "data-report": input.path({
      doc: "The report of check-data about the training data; the files must not have changed since",
      default: "",
      example: "data-report.json",
    }),
    "may-change": input.paths({
      doc: "Committed files that the command may change besides its results, such as `dvc.lock`; one path or glob per line. Any other change makes the training fail: the commit would not contain what was trained",
      default: "",
      example: "dvc.lock",
    }),
    record: input.path({ doc: "Where to write the training record", default: "training-record.json" }),
    timeout: input.duration({
      doc: "After this time the training receives the stop signal",
      default: "6h",
      example: "30m",
    }),
    "stop-signal": input.oneOf(["SIGTERM", "SIGINT", "SIGUSR1"], {
      doc: "The stop signal: it tells the training to save and end, after `timeout` or when the job is cancelled",
      default: "SIGTERM",
    }),
    grace: input.duration({
      doc: "How long the training may take to save and end after the stop signal, before it is killed; after a cancellation at most 4m30s",
      default: "2m",
    }),
    curves: input.paths({
      doc: "Files of curves to show, one path or glob per line: CSV, TSV or JSON with a column of steps, as DVCLive, Keras and Lightning write them",
      default: "",
      example: "dvclive/plots/metrics/**/*.tsv",
    }),
    report: input.path({
      doc: "Where to write a page (HTML) with all curves; empty: none",
      default: "",
      example: "training-report.html",
    }),
    checkpoints: input.paths({
      doc: "What the command saves to go on from, one path or glob per line; each must cover a file. Written under another name and renamed. Needs `checkpoint-folder` or `checkpoint-command`",
      default: "",
      example: "checkpoints/last.pt",
    }),
    "checkpoint-folder": input.text({
      doc: "Absolute path of a folder of this machine, outside the workspace, where checkpoints are kept for the next attempt",
      default: "",
      example: "/var/lib/checkpoints",
    }),
    "checkpoint-command": input.text({
      doc: "Lines of a bash script that takes checkpoints beyond this machine. `$1` is `save` or `restore`, for the folder `$CHECKPOINT_FOLDER`, or `discard`; `$CHECKPOINT_KEY` names the training",
      default: "",
      example: "./checkpoints.sh $1",
    }),
    "checkpoint-every": input.duration({
      doc: "How often checkpoints are kept while the training runs: what a killed machine loses at most",
      default: "10m",
    }),
    "max-attempts": input.integer({
      doc: "How often the same training may be started with `checkpoints` until it succeeds",
      min: 1,
      max: 50,
      default: "3",
    }),
    "price-per-hour": input.text({
      doc: "What the machine costs in an hour, such as `2.50 USD`: the record then has what the training cost",
      default: "",
      example: "2.50 USD",
    }),
    require: input.text({
      doc: "What the machine must have, as YAML; otherwise nothing is run. `gpus`, `gpu-name`, `gpu-memory` (free, each), `compute-capability`, `driver`, `cuda`, `exclusive-gpus`, `healthy-gpus`, `mig` (`none` or a profile), `disk`, `shared-memory`, `memory`, `open-files`, `locked-memory`",
      default: "",
      example: "gpus: 1",
    }),
    grant: input.oneOf(GRANTS, {
      doc: "What the training may have of the job's identity. `oidc`: it may request tokens in the name of the workflow, for example for a role at a cloud",
      default: "nothing",
    }),
    "allow-forks": input.flag({
      doc: "Also train a fork's code on a self-hosted runner. That code then runs on your machine: only for machines that are discarded after one job",
      default: "false",
    }),
  },
  outputs: {
    outcome: output.oneOf(["success", "failure", "cancelled", "timed-out"], "How the training ended", "failure"),
    record: output.path("The training record, `mlops-actions/training-record`; written however the training ended"),
    "exit-code": output.text("Exit code of the command; empty when a signal ended it, or when it is unknown"),
    "model-digest": output.text("SHA-256 over paths and content of the model's files"),
  },
  permissions: {},
  // A job on a self-hosted runner ends after 5 days; `timeout` limits the training.
  deadline: 5 * 24 * 60 * 60_000,
  post: true,
});
