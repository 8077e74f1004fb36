import { appendFileSync } from "node:fs";

/**
 * Whether the main step has left something for its post step. Most leave nothing, and a post step runs always: so it asks this before
 * it loads anything else.
 *
 * @param name as the main step saved it
 */
export const hasLeftState = (name: string): boolean => (process.env[`STATE_${name}`] ?? "") !== "";

/** Leaves it at once, before anything can fail. @param name of letters */
export function leaveState(name: string): void {
  const file = process.env["GITHUB_STATE"] ?? "";
  if (file !== "") appendFileSync(file, `${name}=true\n`);
}
