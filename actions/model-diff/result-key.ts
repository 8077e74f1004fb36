/** What tells one result of a workflow from another. */

/**
 * @param key as the user names it; empty: the job's name
 * @param matrix the leg of the matrix in JSON, `null` without one
 * @returns for example `train (small, 3.12)`
 */
export function resultKey(key: string, job: string, matrix: string): string {
  const name = key === "" ? job || "model" : key;
  const leg = legOf(matrix);
  return leg === "" ? name : `${name} (${leg})`;
}

/**
 * The name under which runs keep that result. Jobs of two workflows may have one name, and would be compared with each other.
 *
 * @param workflow `o/r/.github/workflows/ci.yml@refs/heads/main`
 */
export const recordName = (workflow: string, key: string): string =>
  ["model-diff", /\/([^/@]+)@/.exec(workflow)?.[1] ?? "", key].filter((part) => part !== "").join(" ");

function legOf(matrix: string): string {
  const leg = parse(matrix);
  if (typeof leg !== "object" || leg === null) return "";
  return Object.values(leg).map(describe).join(", ");
}

const describe = (value: unknown): string => (typeof value === "object" ? JSON.stringify(value) : String(value));

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
