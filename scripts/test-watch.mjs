// npm run test:watch [-- <path or words> [vitest's options]]
//
// Runs the tests that a path or words stand for (see npm test -- --help), and again whenever a file that they import
// changes. Without words nothing runs until something changes. Keys are listed with "h"; "q" ends it.
import { runCommand } from "./command.mjs";
import { installDependencies } from "./dependencies.mjs";
import { requireGit } from "./toolchain.mjs";
import { readSelection, runVitest, splitArguments } from "./vitest.mjs";

await runCommand(async (arguments_) => {
  const { words, options } = splitArguments(arguments_);
  const tests = words.length > 0 ? readSelection(words).tests : [];
  requireGit();
  await installDependencies();
  const idle = tests.length === 0 ? ["--standalone"] : [];
  return runVitest("watch", tests, [...idle, ...options], { interactive: true });
});
