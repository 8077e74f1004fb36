/** What users of register-model may rely on. */
import { input } from "../../shared/action/input.ts";
import { output } from "../../shared/action/output.ts";
import { defineAction } from "../../shared/action/spec.ts";

export const spec = defineAction({
  name: "register-model",
  summary: "Put a trained model into the git-tag registry, with its digest, its lineage and who answers for it",
  branding: { icon: "tag", color: "blue" },
  inputs: {
    version: input.text({
      doc: "The new version, by SemVer with a leading `v`; it must come after all others",
      example: "v1.2.0",
    }),
    record: input.path({ doc: "The training record", default: "training-record.json" }),
    verdict: input.path({
      doc: "The verdict of gate-metrics about that training; needed when the policy has gates",
      default: "",
      example: "verdict.json",
    }),
    folder: input.path({
      doc: "Folder in which the model's files lie as they lay when they were trained, for example where an artifact was downloaded to",
      default: ".",
    }),
    governance: input.pairs({
      doc: "Governance fields of this version, `name=value`, one a line. They win over the model card and the policy",
      default: "",
      example: "approval_date=2026-01-31",
    }),
    card: input.path({
      doc: "A model card whose front matter holds governance fields",
      default: "",
      example: "MODEL_CARD.md",
    }),
    token: input.secret({ doc: "Reads the policy, and makes the tag", default: "${{ github.token }}" }),
  },
  outputs: {
    tag: output.text("The version's tag, for example `visits@v1.2.0`"),
    version: output.text("The version, for example `v1.2.0`"),
    "model-digest": output.text("SHA-256 over paths, sizes and digests of the model's files"),
    result: output.oneOf(
      ["registered", "unchanged", "error"],
      "`unchanged`: the same version was registered before; `error`: nothing was registered",
      "error",
    ),
  },
  permissions: {
    contents: { access: "write", reason: "makes the version's tag; reads the policy at the default branch" },
  },
});
