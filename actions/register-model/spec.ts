/** The public interface of register-model: inputs, outputs, permissions. */
import { allowUnverifiedTls } from "../../shared/action/assert-safe-environment.ts";
import { input } from "../../shared/action/input.ts";
import { output } from "../../shared/action/output.ts";
import { defineAction } from "../../shared/action/spec.ts";

export const spec = defineAction({
  name: "register-model",
  summary: "Put a trained model into the git-tag registry, with its digest, its lineage and its owner",
  branding: { icon: "tag", color: "blue" },
  inputs: {
    version: input.text({
      doc: "The new version: SemVer with a leading `v`, higher than all registered versions",
      example: "v1.2.0",
    }),
    model: input.text({
      doc: "Which of the policy's `models`: needed where there are several",
      default: "",
      example: "visits",
    }),
    "run-id": input.text({
      doc: "ID of the run whose artifacts the job downloads: what is wrong with it is said here, where the download was allowed to fail. The training record must be of this run",
      default: "",
      example: "${{ inputs.run }}",
    }),
    record: input.path({ doc: "The training record", default: "training-record.json" }),
    verdict: input.path({
      doc: "The verdict of gate-metrics about that training; needed when the policy has gates",
      default: "",
      example: "verdict.json",
    }),
    folder: input.path({
      doc: "Folder with the model's files, at the same relative paths as when they were trained, for example a downloaded artifact",
      default: ".",
    }),
    locations: input.list({
      doc: "Where the bytes are, one place a line, in the order in which they are tried: `artifact [name]`, `release <tag> [asset]`, `git-lfs`, `dvc [remote]`, `oci://registry/name@sha256:…`, `s3://…`, `gs://…`, `hf://owner/name@<commit>`, `mlflow <server> <run> <source>`, `command <what it fetches from>`. Empty: the artifact of the training's run that has the model, if there is one",
      default: "",
      example: "release v1.2.0",
    }),
    governance: input.pairs({
      doc: "Governance fields of this version, `name=value`, one per line. They override the model card and the policy",
      default: "",
      example: "approval_date=2026-01-31",
    }),
    card: input.path({
      doc: "A model card whose front matter contains governance fields",
      default: "",
      example: "MODEL_CARD.md",
    }),
    token: input.secret({ doc: "Reads the policy, and creates the tag", default: "${{ github.token }}" }),
    "allow-unverified-tls": allowUnverifiedTls,
  },
  outputs: {
    tag: output.text("The version tag, for example `visits@v1.2.0`"),
    version: output.text("The version, for example `v1.2.0`"),
    "model-digest": output.text("SHA-256 over paths, sizes and digests of the model's files"),
    result: output.oneOf(
      ["registered", "unchanged", "error"],
      "`unchanged`: the same version was registered before; `error`: nothing was registered",
      "error",
    ),
  },
  permissions: {
    actions: { access: "read", reason: "asks GitHub which run made the records, and compares them with its artifacts" },
    contents: { access: "write", reason: "creates the version tag; reads the policy of the default branch" },
  },
});
