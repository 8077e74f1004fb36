// `npm run demo [-- --keep]`: installs, builds the bundles, and plays the story in a local GitHub.
import { join } from "node:path";
import { install, root, runUnderNode24 } from "./toolchain.mjs";

const steps = [
  ["the dependencies, from the lockfile", () => install() ?? 0],
  ["the bundles of all actions, where something changed", () => runUnderNode24(join(root, "scripts/build.mjs"))],
  ["", () => runUnderNode24(join(root, "test/e2e/story/tell.ts"), process.argv.slice(2))],
];

for (const [what, step] of steps) {
  if (what) console.log(`… ${what}`);
  const status = step();
  if (status !== 0) {
    process.exitCode = status;
    break;
  }
}
