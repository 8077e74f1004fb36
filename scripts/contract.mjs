// npm run contract -- infer data.csv > contracts/data.yml
// npm run contract -- check contracts/data.yml data/*.csv
// npm run contract -- diff old.yml new.yml
//
// Drafts a contract from a CSV file, checks files against a contract, and says what changes from one contract to another: looser
// (more data passes), tighter (less does), or other. All paths are in the folder it is called in.
import { join } from "node:path";
import { runCommand } from "./command.mjs";
import { installDependencies } from "./dependencies.mjs";
import { root, runWithNode24 } from "./toolchain.mjs";

await runCommand(async (arguments_) => {
  await installDependencies();
  // npm keeps where it was called in INIT_CWD.
  const cwd = process.env.INIT_CWD ?? process.cwd();
  return runWithNode24(join(root, "shared/cli/contract.ts"), arguments_, { cwd });
});
