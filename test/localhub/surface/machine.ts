/** The machine of a runner: this computer, in a folder of the runner's own. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { RunnerMachine } from "../runner/job.ts";
import type { Runner } from "../world/actions.ts";
import type { World } from "../world/world.ts";

const SYSTEM = { linux: "Linux", darwin: "macOS", win32: "Windows" } as const;

/** Variables of this computer that a job may get; the others may contain secrets, such as tokens. */
const SHARED = ["PATH", "LANG", "LC_ALL", "TZ", "SystemRoot", "ComSpec"] as const;

export function machineOf(world: World, runner: Runner): RunnerMachine {
  const directory = join(world.directory, "runners", String(runner.id));
  const home = join(directory, "home");
  mkdirSync(home, { recursive: true });
  const shared = SHARED.flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]] as const],
  );
  return {
    name: runner.name,
    os: SYSTEM[process.platform as keyof typeof SYSTEM] ?? "Linux",
    arch: process.arch === "arm64" ? "ARM64" : "X64",
    environment: runner.hosted ? "github-hosted" : "self-hosted",
    directory,
    env: { ...Object.fromEntries(shared), HOME: home },
  };
}
