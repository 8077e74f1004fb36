/** The public interface of doctor: inputs, outputs, permissions. */
import { allowUnverifiedTls } from "../../shared/action/assert-safe-environment.ts";
import { input } from "../../shared/action/input.ts";
import { output } from "../../shared/action/output.ts";
import { defineAction } from "../../shared/action/spec.ts";

export const spec = defineAction({
  name: "doctor",
  summary: "Say which gates and protections of the repository are not real, with the place and the fix of each",
  branding: { icon: "activity", color: "green" },
  inputs: {
    "fail-on": input.oneOf(["error", "warning", "never"], {
      doc: "Which findings fail the job: errors, warnings too, or none",
      default: "error",
    }),
    token: input.secret({
      doc: "Reads GitHub's settings. The job's own token sees rules and environments; the default of job tokens is seen only with one that may read the repository's administration",
      default: "${{ github.token }}",
    }),
    "allow-unverified-tls": allowUnverifiedTls,
  },
  outputs: {
    level: output.oneOf(
      ["none", "advisory", "enforced", "unknown"],
      "How far the gate can be trusted; `unknown`: the settings that decide it could not be read",
      "unknown",
    ),
    errors: output.text("How many findings are errors"),
    warnings: output.text("How many are warnings"),
  },
  permissions: {
    contents: { access: "read", reason: "the repository and its rules" },
    actions: { access: "read", reason: "how environments are protected" },
  },
});
