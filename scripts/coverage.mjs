// npm run coverage [-- <path or words> [vitest's options]]
//
// Runs all tests, or those that a path or words stand for, and shows how much of shared and actions they reach: in
// numbers here, line by line in coverage/index.html. What only runs in a process of its own (bundles) does not count.
import { runCommand } from "./command.mjs";
import { installDependencies } from "./dependencies.mjs";
import { requireGit } from "./toolchain.mjs";
import { readSelection, runVitest, splitArguments } from "./vitest.mjs";

await runCommand(async (arguments_) => {
  const { words, options } = splitArguments(arguments_);
  const { tests, notes } = words.length > 0 ? readSelection(words) : { tests: [], notes: [] };
  for (const note of notes) console.log(note);
  requireGit();
  await installDependencies();
  return runVitest("run", tests, ["--coverage", ...options]);
});
