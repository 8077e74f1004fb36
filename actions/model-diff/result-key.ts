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
