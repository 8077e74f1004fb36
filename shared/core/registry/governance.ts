/** Governance fields: who owns a version, what it is for, what data it was made from, and when it was approved. */
import { ActionError, type Problem } from "../../problem/problem.ts";
import { isDate } from "../../text/timestamp/timestamp.ts";

/** Where a field's value may come from. An earlier source wins. */
export interface GovernanceSources {
  /** For this one version, from the workflow that registers it. */
  readonly given: Readonly<Record<string, string>>;
  /** From the model card. */
  readonly card: Readonly<Record<string, string>>;
  /** From the policy: the same for all versions. */
  readonly fromPolicy: Readonly<Record<string, string | undefined>>;
}

/** Placeholders that people write when a field is required. */
const PLACEHOLDERS = /^(?:[^\p{L}\p{N}]*|n\/?a|none|null|nil|tb[acd]|to[ -]?do|fixme|unknown|undefined|x+)$/iu;
const MAX_FIELD_LENGTH = 1000;

/**
 * @param required names of fields, as in the policy's `model.require`
 * @param today `YYYY-MM-DD`, in UTC
 * @throws ActionError (a refusal) with one problem for each field that is missing, invalid or a placeholder
 */
export function collectGovernance(
  required: readonly string[],
  sources: GovernanceSources,
  today: string,
): Readonly<Record<string, string>> {
  // The policy only fills in required fields: what nobody requires is recorded where it was written for this version.
  const names = [...new Set([...required, ...Object.keys(sources.card), ...Object.keys(sources.given)])].sort();
  const fields = names.map((name) => [name, pickValue(name, sources)] as const);
  const problems = fields.flatMap(
    ([name, value]) => findFieldProblem(name, value, required.includes(name), today) ?? [],
  );
  if (problems.length > 0) throw new ActionError("refused", problems);
  return Object.fromEntries(fields.filter(([, value]) => value !== ""));
}

/** Where a field's value is taken from. */
export function findSource(name: string, sources: GovernanceSources): keyof GovernanceSources | undefined {
  return SOURCES.find((source) => valueIn(sources[source], name) !== "");
}

/** The first that has a value wins. */
const SOURCES = ["given", "card", "fromPolicy"] as const;

function pickValue(name: string, sources: GovernanceSources): string {
  const source = findSource(name, sources);
  return source === undefined ? "" : valueIn(sources[source], name);
}

const valueIn = (source: GovernanceSources["fromPolicy"], name: string): string =>
  Object.hasOwn(source, name) ? (source[name] ?? "").trim() : "";

function findFieldProblem(name: string, value: string, required: boolean, today: string): Problem | undefined {
  if (value === "") {
    if (!required) return undefined;
    return {
      code: "governance-missing",
      message: `the governance field ${name} is missing`,
      fix: `Add "${name}=…" to the input governance, or "${name}:" to the model card${orInPolicy(name)}`,
    };
  }
  if (value.length > MAX_FIELD_LENGTH || /\p{Cc}/u.test(value)) {
    const message = `the governance field ${name} is not one line of at most ${MAX_FIELD_LENGTH} characters`;
    return { code: "governance-invalid", message, fix: "Shorten it to one line, and link to the details" };
  }
  if (required && PLACEHOLDERS.test(value)) {
    const message = `the governance field ${name} is a placeholder: ${JSON.stringify(value)}`;
    return { code: "governance-placeholder", message, fix: `Write the real ${name}` };
  }
  return name === "approval_date" ? findDateProblem(name, value, today) : undefined;
}

function findDateProblem(name: string, value: string, today: string): Problem | undefined {
  const problem = (message: string, fix: string): Problem => ({ code: "governance-invalid", message, fix });
  if (!isDate(value)) {
    return problem(`the governance field ${name} is not a date: ${JSON.stringify(value)}`, "Write it like 2026-01-31");
  }
  // In time zones east of UTC the date may already be tomorrow's.
  if (value > dayAfter(today))
    return problem(`${name} ${value} is in the future`, "Register the version after its approval");
  return undefined;
}

const dayAfter = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

const orInPolicy = (name: string): string =>
  ["owner", "purpose", "data_sources"].includes(name) ? `, or "${name}:" under "model:" in .github/mlops.yml` : "";
