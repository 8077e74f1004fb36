/** What tells one result of a workflow from another. */

interface NamingInputs {
  /** As the user names it; empty: by its model, or by the job's name. */
  readonly key: string;
  readonly model: string;
  /** The leg of the matrix in JSON, `null` without one. */
  readonly matrix: string;
}

/** @returns for example `train (small, 3.12)` */
export function resultKey({ key, model, matrix }: NamingInputs, job: string): string {
  const name = key || model || job || "model";
  const leg = legOf(matrix, model);
  return leg === "" ? name : `${name} (${leg})`;
}

/**
 * The name under which runs keep that result. Jobs of two workflows may have one name, and would be compared with each other.
 *
 * @param workflow `o/r/.github/workflows/ci.yml@refs/heads/main`
 */
export const recordName = (workflow: string, key: string): string =>
  ["model-diff", /\/([^/@]+)@/.exec(workflow)?.[1] ?? "", key].filter((part) => part !== "").join(" ");

/** @param model in a matrix of models, the name of the result says it already */
function legOf(matrix: string, model: string): string {
  const leg = parse(matrix);
  if (typeof leg !== "object" || leg === null) return "";
  return Object.values(leg)
    .map(describe)
    .filter((value) => model === "" || value !== model)
    .join(", ");
}

const describe = (value: unknown): string => (typeof value === "object" ? JSON.stringify(value) : String(value));

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
