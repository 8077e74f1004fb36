/** The checks of another tool, as its result file has them. */

export type Tool = "great-expectations" | "pandera" | "dbt";

export interface ImportedCheck {
  /** As the tool calls it. */
  readonly name: string;
  /** Null for what concerns a table as a whole, and where the tool does not say. */
  readonly column: string | null;
  /** `not-run`: the tool could not judge it, or left it out. */
  readonly outcome: "pass" | "fail" | "warn" | "not-run";
  /** How many values or rows break it; null: the tool does not say. */
  readonly count: number | null;
}

export interface ImportedChecks {
  readonly tool: Tool;
  readonly checks: readonly ImportedCheck[];
}

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const listObjects = (value: unknown): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

export const textOf = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

/** A whole number above 0. */
export const countOf = (value: unknown): number | null =>
  typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : null;
