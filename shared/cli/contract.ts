/** `node shared/cli/contract.ts infer FILE | check CONTRACT FILE… | diff OLD NEW`, in the current folder. */
import { ActionError, formatProblem } from "../problem/problem.ts";
import { runContractCommand } from "./contract-command.ts";

try {
  const { text, code } = await runContractCommand(process.argv.slice(2), process.cwd());
  process.stdout.write(text);
  process.exitCode = code;
} catch (error) {
  if (!(error instanceof ActionError)) throw error;
  for (const problem of error.problems) process.stderr.write(`${formatProblem(problem)}\n`);
  process.exitCode = 1;
}
