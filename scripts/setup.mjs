// npm run setup [-- --update-lockfile]
//
// Installs the dependencies from the lockfile, also where they seem to be there, and nothing else. With --update-lockfile
// it first brings the lockfile up to what the package.json files say: after a new action, or a new dependency.
import { parseArgs } from "node:util";
import { runCommand } from "./command.mjs";
import { installDependencies } from "./dependencies.mjs";

await runCommand((args) => {
  const { values } = parseArgs({ args, options: { "update-lockfile": { type: "boolean", default: false } } });
  return installDependencies({ always: true, updateLockfile: values["update-lockfile"] });
});
