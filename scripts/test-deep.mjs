// npm run test:deep [-- <part of a path> [vitest's options]]
//
// What is too long for every run: all property tests with many more values (DEEP_FACTOR times, 10 unless set, with a
// fresh seed), and every *.deep.ts. Run it after "npm test".
import { join } from "node:path";
import { runCommand } from "./command.mjs";
import { installDependencies } from "./dependencies.mjs";
import { requireGit, root } from "./toolchain.mjs";
import { runVitest } from "./vitest.mjs";

await runCommand(async (arguments_) => {
  requireGit();
  await installDependencies();
  return runVitest("run", [], ["--config", join(root, "vitest.deep.config.ts"), ...arguments_]);
});
