// The files that differ from the last commit, new ones too, from the root.
import { spawnSync } from "node:child_process";
import { root } from "./toolchain.mjs";

/** Everything (".") where git cannot say: no repository, or no commit yet. */
export function listChangedFiles() {
  const commands = [
    ["diff", "--name-only", "--relative", "--diff-filter=d", "-z", "HEAD"],
    ["ls-files", "--others", "--exclude-standard", "-z"],
  ];
  const results = commands.map((words) => spawnSync("git", words, { cwd: root, encoding: "utf8" }));
  if (results.some(({ status }) => status !== 0)) return ["."];
  return results.flatMap(({ stdout }) => stdout.split("\0").filter((path) => path !== ""));
}
