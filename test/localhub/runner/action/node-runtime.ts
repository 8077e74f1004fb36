/** The Node that runs JavaScript actions. */
import { createRequire } from "node:module";
import { join } from "node:path";

const REQUIRED = "24";
/** Retired ones: GitHub has run them on Node 20, and on Node 24 since it removed Node 20 in September 2026. */
const RETIRED = ["node12", "node16", "node20"];

/**
 * The path of a Node 24: the running Node if it is one, else that of the package `node-<platform>-<arch>`.
 * @throws Error when there is none.
 */
export function findNode24(): string {
  if (process.versions.node.split(".")[0] === REQUIRED) return process.execPath;
  const name = `node-${process.platform}-${process.arch}`;
  try {
    const folder = join(createRequire(import.meta.url).resolve(`${name}/package.json`), "..");
    return join(folder, "bin", "node");
  } catch {
    throw new Error(
      `actions need Node ${REQUIRED}, this is Node ${process.versions.node}: run the local GitHub with Node ${REQUIRED} or install the package ${name}@${REQUIRED}`,
    );
  }
}

/** Whether an action's `using:` is a Node that GitHub has removed. @throws Error for an unknown one. */
export function isRetired(using: string): boolean {
  if (RETIRED.includes(using.toLowerCase())) return true;
  if (using.toLowerCase() === `node${REQUIRED}`) return false;
  throw new Error(`an action requires '${using}'; only node${REQUIRED} is supported`);
}
