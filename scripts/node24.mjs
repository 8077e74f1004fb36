// npm run node24 -- <file> [arguments]
//
// Runs a TypeScript or JavaScript file with the Node 24 that comes with the dependencies, in the folder it is called from.
import { runCommand } from "./command.mjs";
import { installDependencies } from "./dependencies.mjs";
import { runWithNode24 } from "./toolchain.mjs";
import { UserError } from "./user-error.mjs";

await runCommand(
  async ([file, ...arguments_]) => {
    if (file === undefined) throw new UserError("name a file to run; --help shows how");
    await installDependencies();
    return runWithNode24(file, arguments_, { cwd: process.env.INIT_CWD ?? process.cwd() });
  },
  { explains: process.argv.length > 3 },
);
