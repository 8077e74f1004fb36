/** Connects check-data to GitHub and the workspace. */
import type { Connect } from "../../shared/action/run-action.ts";
import { createDataFiles } from "../../shared/adapters/data/data-files.ts";
import { createFiles } from "../../shared/adapters/files/create-files.ts";
import { createGitHub } from "../../shared/adapters/github/client.ts";
import { contractInForce } from "./contract-in-force.ts";
import type { Ports } from "./run.ts";
import type { spec } from "./spec.ts";

export const connect: Connect<typeof spec, Ports> = ({ inputs, context, log, signal }) => {
  const github = createGitHub({ token: inputs.token, context, log, signal });
  const files = createFiles(context.workspace);
  return {
    inForce: () => contractInForce(github, context, files, inputs),
    data: createDataFiles(files, signal),
    writeRecord: (record) => files.write(inputs.record, `${JSON.stringify(record, null, 2)}\n`),
  };
};
