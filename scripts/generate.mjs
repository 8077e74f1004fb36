// npm run generate [-- --check]
//
// Writes what is generated from specs and schemas: action.yml, README tables, docs/reference, JSON Schemas. `--check`
// compares instead, and fails on a difference.
import { join } from "node:path";
import { runCommand } from "./command.mjs";
import { installDependencies } from "./dependencies.mjs";
import { root, runWithNode24 } from "./toolchain.mjs";

await runCommand(async (arguments_) => {
  await installDependencies();
  return runWithNode24(join(root, "shared/build/generate.ts"), arguments_);
});
