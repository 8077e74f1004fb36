/** What can be guessed from lines that are not believed: only who may still be writing, and which numbers were used. */

export interface GuessedIntent {
  readonly environment: string;
  readonly assignment: number;
  readonly run: number;
  readonly attempt: number;
}

/** @param evenClosed also those that a later line closes */
export function findOpenIntents(
  lines: readonly string[],
  { evenClosed = false }: { readonly evenClosed?: boolean } = {},
): readonly GuessedIntent[] {
  const intents = new Map<unknown, GuessedIntent>();
  for (const line of lines) {
    const { type, planDigest, plan, origin } = asObject(parse(line));
    if (type === "intent") {
      const { to, assignment } = asObject(plan);
      const { run, attempt } = asObject(origin);
      if (typeof to !== "string" || !isNumber(assignment) || !isNumber(run) || !isNumber(attempt)) continue;
      intents.set(planDigest, { environment: to, assignment, run, attempt });
    } else if (!evenClosed && (type === "committed" || type === "aborted")) intents.delete(planDigest);
  }
  return [...intents.values()];
}

const isNumber = (value: unknown): value is number => Number.isSafeInteger(value);

const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
