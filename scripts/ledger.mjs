// npm run ledger -- history <model> [environment]
// npm run ledger -- at <model> <environment> <date, or date and time>
// npm run ledger -- data <model> <digest of the data, or how it begins>
// npm run ledger -- verify <model>
// npm run ledger -- <any of them> --all, in place of the model
//
// Answers from the ledger of a model, or of all, without a network: what has happened, what an environment ran on a date (UTC),
// which versions were trained on some data, and whether ledger and assignment tags are complete and agree. Reads the branches
// mlops-ledger/<model> and the tags of the clone it is started in, or of `--repository <folder>`: fetch them before (git fetch
// origin 'refs/heads/mlops-ledger/*:refs/remotes/origin/mlops-ledger/*' --tags). `--file <ledger.jsonl>` reads a copy, without
// tags; `--json` prints one JSON value a line. Ends with 1 when a ledger is broken.
import { join } from "node:path";
import { runCommand } from "./command.mjs";
import { installDependencies } from "./dependencies.mjs";
import { root, runWithNode24 } from "./toolchain.mjs";

await runCommand(async (arguments_) => {
  await installDependencies();
  // Paths on the command line are the caller's, not the repository's: npm keeps where it was called in INIT_CWD.
  const cwd = process.env.INIT_CWD ?? process.cwd();
  return runWithNode24(join(root, "shared/cli/ledger.ts"), arguments_, { cwd });
});
