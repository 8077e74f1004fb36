/** Who answers for a version, what it is for, what it was made from, and who let it be registered when. */
import { ActionError, type Problem } from "../../problem/problem.ts";

/** Where a field's value may come from. An earlier source wins. */
export interface GovernanceSources {
  /** Given for this one version, by the workflow that registers it. */
  readonly given: Readonly<Record<string, string>>;
  /** From the model card. */
  readonly card: Readonly<Record<string, string>>;
  /** From the policy: what is the same for all versions. */
  readonly policy: Readonly<Record<string, string | undefined>>;
}

/** What people write to get past a required field. */
const PLACEHOLDERS = /^(?:\W*|n\/?a|none|null|nil|tb[acd]|to[ -]?do|fixme|unknown|undefined|x+|\?+)$/i;
const MAX_FIELD_LENGTH = 1000;

/**
 * @param required names of fields, as in the policy's `model.require`
 * @param today `YYYY-MM-DD`, in UTC
 * @throws ActionError (a refusal) with one problem for each field that is missing or says nothing
 */
export function collectGovernance(
  required: readonly string[],
  sources: GovernanceSources,
  today: string,
): Readonly<Record<string, string>> {
  const names = [...new Set([...required, ...Object.keys(sources.card), ...Object.keys(sources.given)])].sort();
  const fields = names.map((name) => [name, pick(name, sources)] as const);
  const problems = fields.flatMap(([name, value]) => problemWith(name, value, required.includes(name), today) ?? []);
  if (problems.length > 0) throw new ActionError("refused", problems);
  return Object.fromEntries(fields.filter(([, value]) => value !== ""));
}

function pick(name: string, { given, card, policy }: GovernanceSources): string {
  const values = [given, card, policy].map((source) => (Object.hasOwn(source, name) ? (source[name] ?? "") : ""));
  return values.find((value) => value.trim() !== "")?.trim() ?? "";
}

function problemWith(name: string, value: string, required: boolean, today: string): Problem | undefined {
  if (value === "") {
    if (!required) return undefined;
    return {
      code: "governance-missing",
      message: `the governance field ${name} is missing`,
      fix: `Add "${name}=…" to the input governance, or "${name}:" to the model card${inPolicy(name)}`,
    };
  }
  if (value.length > MAX_FIELD_LENGTH || /\p{Cc}/u.test(value)) {
    const message = `the governance field ${name} is not one line of at most ${MAX_FIELD_LENGTH} characters`;
    return { code: "governance-invalid", message, fix: "Shorten it, and link to the rest" };
  }
  if (required && PLACEHOLDERS.test(value)) {
    const message = `the governance field ${name} says nothing: ${JSON.stringify(value)}`;
    return { code: "governance-placeholder", message, fix: `Write the real ${name}` };
  }
  return name === "approval_date" ? problemWithDate(name, value, today) : undefined;
}

function problemWithDate(name: string, value: string, today: string): Problem | undefined {
  const problem = (message: string, fix: string): Problem => ({ code: "governance-invalid", message, fix });
  if (!isDay(value)) {
    return problem(`the governance field ${name} is not a day: ${JSON.stringify(value)}`, "Write it as 2026-01-31");
  }
  // East of Greenwich it may be tomorrow already.
  if (value > dayAfter(today))
    return problem(`${name} ${value} is in the future`, "Register when it has been approved");
  return undefined;
}

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && dayAfter(text, 0) === text;

function dayAfter(day: string, days = 1): string {
  const at = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(at) ? "" : new Date(at + days * 86_400_000).toISOString().slice(0, 10);
}

const inPolicy = (name: string): string =>
  ["owner", "purpose", "data_sources"].includes(name) ? `, or "${name}:" under "model:" in .github/mlops.yml` : "";
