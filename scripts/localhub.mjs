// npm run localhub -- [path/to/repo] [options]
//
// Serves a folder as a repository of a GitHub on this computer, until Ctrl-C. `npm run localhub -- --help` lists the
// options once the dependencies are installed (npm run setup).
import { existsSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "./command.mjs";
import { installDependencies } from "./dependencies.mjs";
import { createTemporaryEnvironment } from "./processes.mjs";
import { requireGit, root, runWithNode24 } from "./toolchain.mjs";

const program = join(root, "test/localhub/cli.ts");

async function main(arguments_) {
  requireGit();
  await installDependencies();
  // Paths on the command line are the caller's, not the repository's: npm keeps where it was called in INIT_CWD.
  const cwd = process.env.INIT_CWD ?? process.cwd();
  return runWithNode24(program, arguments_, { cwd, env: createTemporaryEnvironment() });
}

await runCommand(main, { explains: existsSync(join(root, "node_modules/.modules.yaml")) });
