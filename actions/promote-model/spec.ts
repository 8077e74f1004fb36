/** What users of promote-model may rely on. */
import { input } from "../../shared/action/input.ts";
import { output } from "../../shared/action/output.ts";
import { defineAction } from "../../shared/action/spec.ts";

export const spec = defineAction({
  name: "promote-model",
  summary: "Plan and apply a model's promotion to the next environment, approved by people, recorded in a ledger",
  branding: { icon: "arrow-up-circle", color: "green" },
  inputs: {
    mode: input.oneOf(["plan", "apply"], {
      doc: "`plan` writes nothing: it says what would be done. `apply` does it, in a job with that environment",
      example: "plan",
    }),
    environment: input.text({ doc: "The environment, as the policy calls it", example: "production" }),
    kind: input.oneOf(["promote", "roll-back"], { doc: "For `plan`: which way", default: "promote" }),
    version: input.text({
      doc: "For `plan`: the version. Empty for a roll back: what stood there before. For `apply`, when given, it must be the plan's",
      default: "",
      example: "v1.2.0",
    }),
    reason: input.text({ doc: "For `plan`: why; a roll back needs one", default: "" }),
    plan: input.path({ doc: "Where the plan is written to, or read from", default: "promotion-plan.json" }),
    "plan-digest": input.text({
      doc: "For `apply`: the output of the same name of the plan's job. Approvals are for the plan with this digest",
      default: "",
      example: "${{ needs.plan.outputs.plan-digest }}",
    }),
    challenge: input.flag({
      doc: "For `plan`: an approval counts only when its comment holds the first 8 digits of the plan's digest, so that it is for this plan and this attempt",
      default: "false",
    }),
    "valid-for": input.duration({
      doc: "For `plan`: how long it may wait for approvals; GitHub itself ends the wait after 30 days",
      default: "72h",
    }),
    record: input.path({ doc: "For `apply`: where to write the ledger's entry", default: "promotion-record.json" }),
    token: input.secret({ doc: "Reads all of it; for `apply`, writes it", default: "${{ github.token }}" }),
  },
  outputs: {
    result: output.oneOf(
      ["planned", "promoted", "rolled-back", "error"],
      "What was done; `error`: nothing, or what a re-run will finish",
      "error",
    ),
    version: output.text("The version the plan is about"),
    "model-digest": output.text("SHA-256 of its model: deploy these bytes and no others"),
    "plan-digest": output.text("SHA-256 of the plan, to hand to `apply`"),
    challenge: output.text("The 8 digits an approver writes when the plan asks for it; else empty"),
    tag: output.text("The assignment's tag, for example `visits#production#3`"),
    record: output.path("For `apply`: the ledger's entry, `mlops-actions/promotion-record@1`"),
  },
  permissions: {
    contents: {
      access: "write",
      reason: "for apply: adds to the ledger's branch and makes the tag; for plan, read is enough",
    },
    actions: { access: "read", reason: "reads who runs this, who approved it, and what guards the environment" },
    deployments: { access: "write", reason: "for apply: records the deployment; plan does not need it" },
  },
});
