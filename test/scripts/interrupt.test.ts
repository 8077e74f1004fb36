/** Ctrl-C and `kill` leave neither a temporary folder nor a process behind. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root, type StartedProcess, startProcess } from "./run-script.ts";

/** Generous: a busy machine, and for the demo perhaps bundles to build. */
const TIMEOUT = 300_000;

/** A terminal sends Ctrl-C to everything that it runs in the foreground. */
const pressCtrlC = ({ child }: StartedProcess): boolean => process.kill(-(child.pid ?? 0), "SIGINT");
/** `kill` reaches npm alone, which passes it on to a shell that does not. */
const killNpm = ({ child }: StartedProcess): boolean => child.kill("SIGTERM");

/** What still exists of a process: files, and (where the system has /proc) processes with its temporary folder. */
function listRemains({ temporaryFolder }: StartedProcess): readonly string[] {
  const processes = process.platform === "linux" ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [];
  const alive = processes.filter((id) => {
    try {
      return readFileSync(`/proc/${id}/environ`, "utf8").includes(temporaryFolder);
    } catch {
      return false;
    }
  });
  return [...readdirSync(temporaryFolder), ...alive.map((id) => `process ${id}`)];
}

const expectNoRemains = (started: StartedProcess) =>
  expect.poll(() => listRemains(started), { timeout: 30_000, interval: 50 }).toEqual([]);

function createRepository(): string {
  const folder = mkdtempSync(join(tmpdir(), "repository-"));
  writeFileSync(join(folder, "README.md"), "# visits\n");
  return folder;
}

// Windows has no process groups and no signals to send.
const posix = test.skipIf(process.platform === "win32");

posix.for([
  ["localhub, Ctrl-C", pressCtrlC, ["localhub", "--", createRepository()], /page +(http\S+)[\s\S]*Ctrl-C/],
  ["localhub, kill", killNpm, ["localhub", "--", createRepository()], /page +(http\S+)[\s\S]*Ctrl-C/],
  ["demo, Ctrl-C", pressCtrlC, ["demo"], /\n 2 /],
  ["demo, kill", killNpm, ["demo"], /\n 2 /],
  ["test, Ctrl-C", pressCtrlC, ["test", "--", "test/fixture"], /RUN/],
  ["test, kill", killNpm, ["test", "--", "test/fixture"], /RUN/],
  ["verify-dist, Ctrl-C", pressCtrlC, ["verify-dist"], /two clones/],
  ["verify-dist, kill", killNpm, ["verify-dist"], /two clones/],
] as const)("%s", { timeout: TIMEOUT }, async ([, interrupt, words, pattern]) => {
  const started = startProcess("npm", ["run", ...words]);
  const [, page] = await started.waitForOutput(pattern);
  expect(listRemains(started)).not.toEqual([]);
  interrupt(started);
  await started.ended;
  await expectNoRemains(started);
  expect(started.output()).not.toMatch(/^ +at /m);
  if (page !== undefined) await expect(fetch(page)).rejects.toThrow("fetch failed");
});

posix("a job that runs in the local GitHub ends with it", { timeout: TIMEOUT }, async () => {
  const folder = createRepository();
  const run = `sleep 1000 & touch ${join(folder, "began")}; sleep 1000`;
  const workflow = { on: "push", jobs: { job: { "runs-on": "ubuntu-latest", steps: [{ run }] } } };
  mkdirSync(join(folder, ".github/workflows"), { recursive: true });
  writeFileSync(join(folder, ".github/workflows/sleep.yml"), JSON.stringify(workflow));
  const started = startProcess(process.execPath, [join(root, "scripts/localhub.mjs"), folder, "--push"]);
  await started.waitForOutput(/Ctrl-C/);
  await expect.poll(() => readdirSync(folder), { timeout: 60_000, interval: 50 }).toContain("began");
  pressCtrlC(started);
  expect(await started.ended).toBe(0);
  await expectNoRemains(started);
});
