/** The program `mlops-actions`, in the current folder. */
import { runProgram } from "./program.ts";

const interrupt = new AbortController();
process.once("SIGINT", () => interrupt.abort());
const context = { folder: process.cwd(), now: new Date(), signal: interrupt.signal };
const { out, error, code } = await runProgram(process.argv.slice(2), context);
process.stdout.write(out);
process.stderr.write(error);
process.exitCode = code;
