/** The program `mlops-actions`, in the current folder. */
import { runProgram } from "./program.ts";

const interrupt = new AbortController();
process.once("SIGINT", () => interrupt.abort());
const token = process.env["GH_TOKEN"] ?? process.env["GITHUB_TOKEN"] ?? "";
const context = { folder: process.cwd(), now: new Date(), signal: interrupt.signal, token };
const { out, error, code } = await runProgram(process.argv.slice(2), context);
process.stdout.write(out);
process.stderr.write(error);
process.exitCode = code;
