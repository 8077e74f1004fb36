/** The program `mlops-actions`, in the current folder. */
import { createAsk } from "./ask.ts";
import { runProgram } from "./program.ts";

const interrupt = new AbortController();
process.once("SIGINT", () => interrupt.abort());
const { signal } = interrupt;
const { GH_TOKEN, GITHUB_TOKEN = "", MLOPS_ACTIONS_RELEASE = "" } = process.env;
const context = { folder: process.cwd(), now: new Date(), signal, token: GH_TOKEN ?? GITHUB_TOKEN };
const asking = { ask: createAsk(signal), release: MLOPS_ACTIONS_RELEASE };
const { out, error, code } = await runProgram(process.argv.slice(2), { ...context, ...asking });
process.stdout.write(out);
process.stderr.write(error);
process.exitCode = code;
