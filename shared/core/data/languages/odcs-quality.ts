/** Quality rules of the Open Data Contract Standard: those of its library that this suite has as well. */
import type { ColumnDraft } from "./keyword.ts";
import { asList, asMapping, asText, type Mapping, type SkippedCheck } from "./translated-contract.ts";

interface Target {
  readonly contract: ColumnDraft;
  /** Columns that are unique together. */
  readonly unique: unknown[];
}

/**
 * @param draft of the column; undefined for a rule of the table
 * @returns why it is not checked, if it is not
 */
export function takeQuality(rule: Mapping, target: Target, draft: ColumnDraft | undefined): readonly SkippedCheck[] {
  const name = asText(rule["metric"]) ?? asText(rule["rule"]) ?? asText(rule["type"]) ?? "rule";
  const reason = rule["type"] === "text" ? undefined : apply(name, rule, target, draft);
  return reason === undefined ? [] : [{ check: `quality.${name}`, column: asText(draft?.["name"]) ?? null, reason }];
}

function apply(name: string, rule: Mapping, target: Target, draft: ColumnDraft | undefined): string | undefined {
  const type = asText(rule["type"]) ?? "library";
  if (type !== "library") return `rules of type ${type} are not run`;
  switch (name) {
    case "rowCount":
      return takeRowCount(rule, target.contract);
    case "nullValues":
    case "nullCheck":
      return draft === undefined ? TABLE_ONLY : takeNulls(rule, draft);
    case "duplicateValues":
    case "duplicateCount":
      return takeDuplicates(rule, target, draft);
    case "invalidValues":
    case "validValues":
      return draft === undefined ? TABLE_ONLY : takeInvalid(rule, draft);
    default:
      return "this metric is not checked";
  }
}

const TABLE_ONLY = "it needs a column";
const ONLY_ZERO = "only mustBe: 0, or a largest share with unit: percent, is checked";

const OPERATORS = [
  "mustBe",
  "mustNotBe",
  "mustBeGreaterThan",
  "mustBeGreaterOrEqualTo",
  "mustBeLessThan",
  "mustBeLessOrEqualTo",
  "mustBeBetween",
  "mustNotBeBetween",
];

const operatorsOf = (rule: Mapping): readonly string[] => OPERATORS.filter((operator) => rule[operator] !== undefined);
const isCount = (value: unknown): value is number => typeof value === "number" && Number.isSafeInteger(value);

function takeRowCount(rule: Mapping, contract: ColumnDraft): string | undefined {
  const rows: Record<string, unknown> = {};
  for (const operator of operatorsOf(rule)) {
    const bounds = rowBounds(operator, rule[operator]);
    if (bounds === undefined) return `${operator} is not checked for it`;
    Object.assign(rows, bounds);
  }
  contract["rows"] = { ...asMapping(contract["rows"]), ...rows };
  return undefined;
}

function rowBounds(operator: string, value: unknown): Readonly<Record<string, number>> | undefined {
  const [low, high] = asList(value);
  if (operator === "mustBeBetween" && isCount(low) && isCount(high)) return { min: low, max: high };
  if (!isCount(value)) return undefined;
  switch (operator) {
    case "mustBe":
      return { min: value, max: value };
    case "mustBeGreaterThan":
      return { min: value + 1 };
    case "mustBeGreaterOrEqualTo":
      return { min: value };
    case "mustBeLessThan":
      return { max: value - 1 };
    case "mustBeLessOrEqualTo":
      return { max: value };
    default:
      return undefined;
  }
}

/** The largest share that a rule allows: 0 for none; undefined for what cannot be said as one. */
function allowedShare(rule: Mapping): number | undefined {
  const [operator, ...others] = operatorsOf(rule);
  const value = operator === undefined ? undefined : rule[operator];
  if (others.length > 0 || typeof value !== "number") return undefined;
  if (value === 0 && (operator === "mustBe" || operator === "mustBeLessOrEqualTo")) return 0;
  if (value === 1 && operator === "mustBeLessThan" && rule["unit"] !== "percent") return 0;
  return rule["unit"] === "percent" && operator === "mustBeLessOrEqualTo" ? value / 100 : undefined;
}

function takeNulls(rule: Mapping, draft: ColumnDraft): string | undefined {
  const share = allowedShare(rule);
  if (share === undefined) return ONLY_ZERO;
  if (share === 0) draft["nullable"] = false;
  else draft["max-null-share"] = share;
  return undefined;
}

function takeDuplicates(rule: Mapping, { unique }: Target, draft: ColumnDraft | undefined): string | undefined {
  if (allowedShare(rule) !== 0) return "only mustBe: 0 is checked";
  const names = asList(asMapping(rule["arguments"])["properties"]);
  if (draft !== undefined) draft["unique"] = true;
  else if (names.length > 1) unique.push(names);
  else return "it needs at least two properties";
  return undefined;
}

function takeInvalid(rule: Mapping, draft: ColumnDraft): string | undefined {
  const share = allowedShare(rule);
  if (share === undefined) return ONLY_ZERO;
  const given = { ...rule, ...asMapping(rule["arguments"]) };
  const [values, pattern] = [asList(given["validValues"]), asText(given["pattern"])];
  if (values.length === 0 && pattern === undefined) return "it needs validValues or a pattern";
  if (values.length > 0) draft["enum"] = values;
  if (pattern !== undefined) draft["pattern-anywhere"] = pattern;
  if (share > 0) draft["mostly"] = 1 - share;
  return undefined;
}
