// npm run setup
//
// Installs the dependencies from the lockfile, also where they seem to be there, and nothing else.
import { runCommand } from "./command.mjs";
import { installDependencies } from "./dependencies.mjs";

await runCommand(() => installDependencies({ always: true }));
