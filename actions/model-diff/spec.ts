/** The public interface of model-diff, which is also the action at the repository's root. */
import { allowUnverifiedTls } from "../../shared/action/assert-safe-environment.ts";
import { input } from "../../shared/action/input.ts";
import { output } from "../../shared/action/output.ts";
import { defineAction } from "../../shared/action/spec.ts";

export const spec = defineAction({
  name: "model-diff",
  post: "also-unreached",
  summary: "Show on a pull request how its model differs from the one before, and gate it once there are rules",
  branding: { icon: "bar-chart-2", color: "purple" },
  inputs: {
    metrics: input.paths({
      doc: "What this run measured: metric files (JSON or CSV) or a training record, one path or glob per line",
      example: "metrics.json",
    }),
    model: input.text({
      doc: "Which of the policy's `models`: needed where there are several. It also names this result, unless `key` does",
      default: "",
      example: "visits",
    }),
    key: input.text({
      doc: "Names this result among others of the same workflow: the comment has a section for each. By default the model, or the job's name; legs of a matrix are told apart without it",
      default: "",
      example: "visits",
    }),
    title: input.text({
      doc: "What readers know this result by: its heading in the comment and the job summary. Shown as plain text, at most 120 characters",
      default: "",
      example: "Visits by region",
    }),
    body: input.path({
      doc: "A Markdown file of yours that is shown below the result. Links become text; PNG and SVG pictures in the workspace that it names are in an HTML report, which is kept with the record",
      default: "",
      example: "report.md",
    }),
    plots: input.paths({
      doc: "Curves and confusion matrices to draw, CSV, TSV or JSON, one path or glob per line: a column of steps and one for each curve, the columns `actual` and `predicted`, or a table of counts with the classes as header and first column",
      default: "",
      example: "plots/**/*.tsv",
    }),
    comment: input.oneOf(["always", "on-change", "on-failure", "never"], {
      doc: "When a pull request gets a comment: `on-change`, when a metric differs from the baseline or there is none; `on-failure`, when it is not ready. An existing comment is kept up to date in any case but `never`",
      default: "always",
    }),
    "data-report": input.path({
      doc: "The report of check-data: the training must have used exactly this data, and the data must have passed. Empty: not compared",
      default: "",
      example: "data-report.json",
    }),
    record: input.path({ doc: "Where to write the verdict", default: "verdict.json" }),
    author: input.text({
      doc: "The login that the token writes as; only comments of this account are ever changed",
      default: "github-actions[bot]",
      example: "my-app[bot]",
    }),
    token: input.secret({
      doc: "Reads the policy, the commit and the baseline, and writes the comment",
      default: "${{ github.token }}",
    }),
    "allow-unverified-tls": allowUnverifiedTls,
    matrix: input.text({
      doc: "The leg of the matrix, which names the result with `key`. Leave it as it is",
      default: "${{ toJSON(matrix) }}",
    }),
    "job-status": input.text({
      doc: "How the job stands: after a step that failed, nothing is compared, and the comment names that step. Leave it as it is",
      default: "${{ job.status }}",
    }),
  },
  outputs: {
    outcome: output.oneOf(
      ["pass", "fail", "inconclusive", "no-rules", "error"],
      "Whether the rules hold; `no-rules`: the trusted commit has no policy, and nothing was gated; `error`: not decided",
      "error",
    ),
    record: output.path("The verdict, `mlops-actions/verdict`"),
    comment: output.oneOf(
      ["created", "updated", "unchanged", "none"],
      "What happened to the comment; `none`: there is no pull request, the token may not comment, or there was nothing to say",
      "none",
    ),
    url: output.text("URL of the comment"),
    report: output.text("URL of the artifact with the HTML report; empty without `body` and `plots`"),
  },
  permissions: {
    contents: {
      access: "read",
      reason: "reads the policy at a trusted commit, and which commit the change is merged onto",
    },
    actions: {
      access: "read",
      reason: "reads the record of the base commit from the artifacts of its run, and which step failed",
    },
    "pull-requests": {
      access: "write",
      reason: "finds the pull request and writes the comment; without it the report is only in the job summary",
    },
  },
});
