// `npm run localhub -- path/to/repo`: the local GitHub, from the shell.
import { join } from "node:path";
import { install, root, runUnderNode24 } from "./toolchain.mjs";

install();
// Paths on the command line are the caller's, not the repository's: npm keeps where it was called in INIT_CWD.
process.exitCode = runUnderNode24(join(root, "test/localhub/cli.ts"), process.argv.slice(2), {
  cwd: process.env.INIT_CWD ?? process.cwd(),
});
