/** Checks a file as the action does, and prints what it found and what it took. Arguments: folder, file, script of threads, threads. */
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createFileCheck } from "../../../shared/adapters/data/check-file.ts";
import { createWorkspaceFiles } from "../../../shared/adapters/files/create-workspace-files.ts";
import { readContract } from "../../../shared/core/data/read-contract.ts";

const [folder = "", file = "", script = "", threads] = process.argv.slice(2);
const check = createFileCheck(createWorkspaceFiles(folder), {
  temporary: tmpdir(),
  signal: new AbortController().signal,
  threadScript: pathToFileURL(script),
  ...(threads !== undefined && { threads: Number(threads) }),
});
const contract = readContract(readFileSync(join(folder, "contract.yml"), "utf8"), "contract.yml");
const { checked } = await check(file, { contract, observers: [] }, () => undefined);
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
process.stdout.write(
  `${JSON.stringify({
    version: `Node ${process.version}`,
    rows: checked.rows,
    found: Object.fromEntries(checked.findings.map(({ check, column, count }) => [`${check} ${column}`, count])),
    cpu: (userCPUTime + systemCPUTime) / 1e6,
    megabytes: maxRSS / 1000,
  })}\n`,
);
