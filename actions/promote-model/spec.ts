/** The public interface of promote-model: inputs, outputs, permissions. */
import { allowUnverifiedTls } from "../../shared/action/assert-safe-environment.ts";
import { input } from "../../shared/action/input.ts";
import { output } from "../../shared/action/output.ts";
import { defineAction } from "../../shared/action/spec.ts";

export const spec = defineAction({
  name: "promote-model",
  summary: "Plan and apply a model's promotion to the next environment, approved by people, recorded in a ledger",
  post: true,
  branding: { icon: "arrow-up-circle", color: "green" },
  inputs: {
    mode: input.oneOf(["plan", "request", "begin", "commit", "apply", "reconcile"], {
      doc: "`plan` changes nothing: it shows what would be done. In a job with that environment, `begin` checks the approvals and writes the intent, your steps deploy, and `commit` says that it is done. `apply` is both at once, where there is nothing to deploy. `request`, where approvals are reviews of a pull request, says what its merge asks for. `reconcile` names what ledger, tags, deployments and environments disagree about, and fails when something that people rely on is not so; it only reads",
      example: "plan",
    }),
    environment: input.text({
      doc: "Name of the environment in the policy. `reconcile` looks at all; for `begin` and `apply`, see `plan-digest`",
      default: "",
      example: "production",
    }),
    model: input.text({
      doc: "For `plan`: which of the policy's `models`, needed where there are several. `reconcile` looks at all unless one is named. Otherwise leave it out: it is in the plan",
      default: "",
      example: "visits",
    }),
    kind: input.oneOf(["promote", "roll-back", "repair"], {
      doc: "For `plan`: promote a version, roll back, or repair the ledger for this environment",
      default: "promote",
    }),
    version: input.text({
      doc: "For `plan`: the version to promote or to roll back to; empty for a roll back: the version before the current one. Otherwise leave it out: it is in the plan",
      default: "",
      example: "v1.2.0",
    }),
    reason: input.text({ doc: "For `plan`: the reason; required for a roll back and a repair", default: "" }),
    plan: input.path({
      doc: "Path of the plan, which `plan` writes and the others read",
      default: "promotion-plan.json",
    }),
    "plan-digest": input.text({
      doc: "For all but `plan`: the output `plan-digest` of the job that made the plan. Approvals are for the plan with this digest. Where reviews approve, `begin` and `apply` without this and without `environment` carry out what the merged pull request asks for, and fetch its plan from the artifacts of its run",
      default: "",
      example: "${{ needs.plan.outputs.plan-digest }}",
    }),
    challenge: input.flag({
      doc: "For `plan`: an approval counts only when its comment contains the first 8 digits of the plan digest, so that it is for this plan and this attempt",
      default: "false",
    }),
    "valid-for": input.duration({
      doc: "For `plan`: how long the plan may wait for approvals; GitHub itself ends the wait after 30 days",
      default: "72h",
    }),
    record: input.path({ doc: "For `commit`: where to write the ledger entry", default: "promotion-record.json" }),
    token: input.secret({
      doc: "Reads policy, tags, ledger and approvals; for all but `plan`, also writes",
      default: "${{ github.token }}",
    }),
    "members-token": input.secret({
      doc: 'Only where teams are reviewers: a token with the organization permission "Members: read", which github.token never has. It reads who is in those teams',
      default: "",
    }),
    "allow-unverified-tls": allowUnverifiedTls,
  },
  outputs: {
    result: output.oneOf(
      ["planned", "requested", "begun", "promoted", "rolled-back", "repaired", "consistent", "drifted", "error"],
      "What was done. `begun`: deploy now; `promoted` or `rolled-back` after `begin`: it was done before; `repaired`: the ledger goes on, and nothing is to be deployed; `consistent` or `drifted`: what `reconcile` found; `error`: nothing, or a part that a re-run finishes",
      "error",
    ),
    model: output.text("The model in the plan"),
    version: output.text("The version in the plan; of a repair: the one that the environment has"),
    "model-digest": output.text("SHA-256 over the model's files: deploy these and no others"),
    "plan-digest": output.text("SHA-256 of the plan, to pass to the other modes"),
    environment: output.text("The environment of the plan; for `request`: the one that is asked for"),
    run: output.text("For `request`: id of the run that made the plan, and has it as an artifact"),
    challenge: output.text("The 8 digits that an approval comment must contain, when the plan requires it; else empty"),
    tag: output.text("The assignment tag, for example `visits#production#3`"),
    record: output.path("For `commit`: the ledger entry, `mlops-actions/promotion-record`"),
  },
  permissions: {
    "pull-requests": {
      access: "read",
      reason: "only where approvals are reviews: reads the merged pull request, its files and its reviews",
    },
    contents: {
      access: "write",
      reason: "writes the ledger branch and the tag; for plan, read is enough",
    },
    actions: {
      access: "read",
      reason: "reads who started the run, who approved it, and how the environment is protected",
    },
    deployments: {
      access: "write",
      reason: "records the deployment; plan does not need it; for reconcile, read is enough",
    },
  },
});
