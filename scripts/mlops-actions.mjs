// npm run mlops-actions -- <command> …
//
// The decisions of the actions on this computer: check data, draft and compare contracts, judge metrics, explain, simulate. All paths
// are in the folder it is called in. `npm run mlops-actions -- --help` lists the commands once the dependencies are installed.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "./command.mjs";
import { installDependencies } from "./dependencies.mjs";
import { root, runWithNode24 } from "./toolchain.mjs";

await runCommand(
  async (arguments_) => {
    await installDependencies();
    // npm keeps where it was called in INIT_CWD.
    const cwd = process.env.INIT_CWD ?? process.cwd();
    return runWithNode24(join(root, "shared/cli/main.ts"), arguments_, { cwd });
  },
  { explains: existsSync(join(root, "node_modules/.modules.yaml")) },
);
