/** The public interface of report-metrics: inputs, outputs, permissions. */
import { allowUnverifiedTls } from "../../shared/action/assert-safe-environment.ts";
import { input } from "../../shared/action/input.ts";
import { output } from "../../shared/action/output.ts";
import { defineAction } from "../../shared/action/spec.ts";
import { DEFAULT_KEY } from "./result-key.ts";

export const spec = defineAction({
  name: "report-metrics",
  summary: "Show the verdict in one comment on the pull request, kept up to date, and in the job summary",
  branding: { icon: "message-square", color: "purple" },
  inputs: {
    record: input.paths({
      doc: "The verdict that gate-metrics or model-diff wrote, one path or glob per line; each is a section of the comment. Without one the comment says that there is no verdict",
      default: "verdict.json",
      example: "*/verdict.json",
    }),
    "data-report": input.paths({
      doc: "The data report that check-data wrote, or one for each of several models; one path or glob per line. Left out where there is no such file",
      default: "data-report.json",
    }),
    key: input.text({
      doc: "Names this result among others of the same workflow: the comment has a section for each. That of one of several models is named after it",
      default: DEFAULT_KEY,
      example: "visits",
    }),
    "baseline-artifact": input.text({
      doc: "After the run of a fork: name of the artifact to which runs of the base branch upload their training record, as for gate-metrics. Of one of several models, `-` and its name are added, as in several-models.yml",
      default: "training-record",
    }),
    "first-run": input.oneOf(["fail", "allow"], {
      doc: "After the run of a fork: whether rules that need a baseline are inconclusive while the branch has never had one, as for gate-metrics",
      default: "fail",
    }),
    author: input.text({
      doc: "The login that the token writes as; only comments of this account are ever changed. A person's token is recognised without it",
      default: "github-actions[bot]",
      example: "my-app[bot]",
    }),
    token: input.secret({
      doc: "Reads the policy, the baseline and the pull request, and writes the comment",
      default: "${{ github.token }}",
    }),
    "allow-unverified-tls": allowUnverifiedTls,
  },
  outputs: {
    comment: output.oneOf(
      ["created", "updated", "unchanged", "none"],
      "What happened to the comment; `none`: there is no pull request, or the token may not comment",
      "none",
    ),
    url: output.text("URL of the comment"),
  },
  permissions: {
    contents: { access: "read", reason: "reads the policy of the base branch: the verdict's own copy is not believed" },
    actions: { access: "read", reason: "after the run of a fork only: reads the baseline from the base branch's runs" },
    "pull-requests": {
      access: "write",
      reason: "finds the pull request and writes the comment; without it the report is only in the job summary",
    },
  },
});
