/** The public interface of verify-model: inputs, outputs, permissions. */
import { allowUnverifiedTls } from "../../shared/action/assert-safe-environment.ts";
import { input } from "../../shared/action/input.ts";
import { output } from "../../shared/action/output.ts";
import { defineAction } from "../../shared/action/spec.ts";

export const spec = defineAction({
  name: "verify-model",
  summary: "Fetch a registered version's bytes, and fail unless every one of them is what was registered",
  branding: { icon: "check-square", color: "green" },
  // A command may fetch hundreds of gigabytes; the job's own time limit is shorter where that matters.
  deadline: 6 * 60 * 60_000,
  inputs: {
    model: input.text({ doc: "The model's name, as in its version tags", example: "visits" }),
    version: input.text({ doc: "The registered version", example: "v1.2.0" }),
    "model-digest": input.text({
      doc: "The digest that was approved: the output `model-digest` of promote-model. Empty: the one in the version's tag counts, which whoever may push could have made anew",
      default: "",
      example: "${{ steps.begin.outputs.model-digest }}",
    }),
    folder: input.path({
      doc: "Folder for the model's files, with their paths as they were trained. What is fetched goes there: it must be empty or not exist",
      default: "model-to-deploy",
    }),
    from: input.oneOf(["locations", "folder", "command"], {
      doc: "`locations`: fetched from the first place of the version that has them, an artifact or a release. `command`: your own command puts them into the folder. `folder`: an earlier step has put them there",
      default: "locations",
    }),
    command: input.text({
      doc: "For `command`: a bash command that fetches the files into `$MODEL_FOLDER`. It also has `$MODEL_VERSION`, `$MODEL_DIGEST` and `$MODEL_LOCATIONS`, the places, one a line",
      default: "",
      example: 'aws s3 cp --recursive "s3://models/visits/$MODEL_VERSION" "$MODEL_FOLDER"',
    }),
    ignore: input.paths({
      doc: "What the folder may have beside the model, one path or glob per line, such as a training record that lies in the same artifact. For `folder` and `command`",
      default: "",
      example: "training-record.json",
    }),
    token: input.secret({
      doc: "Reads the version's tag, and downloads artifacts and files of releases",
      default: "${{ github.token }}",
    }),
    "allow-unverified-tls": allowUnverifiedTls,
  },
  outputs: {
    result: output.oneOf(
      ["verified", "differs", "error"],
      "`verified`: every file is there and is what was registered, and nothing else is; `differs`: deploy nothing; `error`: not decided",
      "error",
    ),
    folder: output.path("Folder with the verified files; empty unless they are"),
    "model-digest": output.text("SHA-256 over paths, sizes and digests of the files, as it was registered"),
    files: output.text("How many files were compared"),
    bytes: output.text("What they have together"),
    source: output.text("Where they were taken from"),
  },
  permissions: {
    contents: { access: "read", reason: "reads the version's tag, and files of releases" },
    actions: { access: "read", reason: "downloads the artifact of the run that trained it" },
  },
});
