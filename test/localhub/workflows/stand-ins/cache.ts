/** `actions/cache`: looks, finds nothing, and keeps nothing, as in the first run of a branch. */
import type { FetchedAction } from "../../runner/job.ts";
import { defineBuiltinAction, getInput } from "../execution/builtin-action.ts";

export const cacheAction = (): FetchedAction =>
  defineBuiltinAction({
    name: "Cache",
    inputs: {
      ...{ path: "", key: "", "restore-keys": "", "upload-chunk-size": "", enableCrossOsArchive: "false" },
      ...{ "fail-on-cache-miss": "false", "lookup-only": "false" },
    },
    outputs: ["cache-hit"],
    async run({ inputs, log }) {
      const key = getInput(inputs, "key");
      if (key === "") throw new Error("Input required and not supplied: key");
      if (getInput(inputs, "path") === "") throw new Error("Input required and not supplied: path");
      const keys = [key, ...getInput(inputs, "restore-keys").split("\n")].filter((each) => each !== "").join(", ");
      if (getInput(inputs, "fail-on-cache-miss") === "true") {
        throw new Error(`Failed to restore cache entry. Exiting as fail-on-cache-miss is set. Input key: ${key}`);
      }
      log(`Cache not found for input keys: ${keys}`);
      log(
        "This local GitHub keeps nothing for the action actions/cache; push the real one to a repository of its name for that.",
      );
      return { outputs: { "cache-hit": "false" } };
    },
  });
