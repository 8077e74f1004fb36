/** From a rule's tree to what judges the cells of one row. */
import { compareTexts } from "../../../text/decimal/decimal.ts";
import { alignTypes } from "./align-types.ts";
import { type Comparison, columnsOf, type Expression } from "./expression.ts";
import { parseRule } from "./parse-rule.ts";
import { RuleError } from "./rule-error.ts";
import { compileValue, type RuleColumn, type Scope, type Value } from "./value.ts";

export interface RowRule {
  /** The columns it reads, in the order of the cells that `isSatisfiedBy` gets. */
  readonly columns: readonly string[];
  /** @param cells valid cells of their columns' types, null for a null. False only where the rule is false */
  readonly isSatisfiedBy: (cells: readonly (string | null)[]) => boolean;
}

/** True, false, or null where a null makes it unknown. */
type Truth = (cells: readonly (string | null)[]) => boolean | null;

/** @throws RuleError for what cannot be read, a column that is not there, and types that do not fit */
export function compileRule(text: string, contract: readonly RuleColumn[]): RowRule {
  const expression = parseRule(text);
  const names = columnsOf(expression);
  if (names.length === 0) throw new RuleError(0, "it names no column", "Compare at least one column of the contract");
  const truth = compileTruth(expression, { names, contract });
  return { columns: names, isSatisfiedBy: (cells) => truth(cells) !== false };
}

function compileTruth(expression: Expression, scope: Scope): Truth {
  switch (expression.kind) {
    case "and":
    case "or":
      return joinTruths(
        expression.kind === "or",
        compileTruth(expression.left, scope),
        compileTruth(expression.right, scope),
      );
    case "not": {
      const of = compileTruth(expression.of, scope);
      return (cells) => {
        const truth = of(cells);
        return truth === null ? null : !truth;
      };
    }
    case "is-null": {
      const { read } = compileValue(expression.value, scope);
      return (cells) => read(cells) === null;
    }
    case "comparison":
      return compileComparison(
        expression.operator,
        expression.at,
        valuesOf([expression.left, expression.right], scope),
      );
    case "in": {
      const [value, ...choices] = valuesOf([expression.value, ...expression.choices], scope);
      if (value === undefined) throw new Error("a choice without a value");
      const equal = choices.map((choice) => compileComparison("=", expression.at, [value, choice]));
      return equal.reduce((left, right) => joinTruths(true, left, right));
    }
    default:
      throw new RuleError(expression.at, "a condition is expected", "Compare it with = != < <= > >= or is null");
  }
}

/** Of `or` one true part decides, of `and` one false part; otherwise one unknown part makes it unknown. */
const joinTruths =
  (decides: boolean, left: Truth, right: Truth): Truth =>
  (cells) => {
    const first = left(cells);
    if (first === decides) return first;
    const second = right(cells);
    return second === decides || first !== null ? second : null;
  };

const valuesOf = (expressions: readonly Expression[], scope: Scope): readonly Value[] =>
  expressions.map((each) => compileValue(each, scope));

const HOLDS: Readonly<Record<Comparison, (order: number) => boolean>> = {
  "=": (order) => order === 0,
  "!=": (order) => order !== 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

function compileComparison(operator: Comparison, at: number, values: readonly Value[]): Truth {
  const [left, right, type] = alignTypes(values, at);
  if ((type === "text" || type === "boolean") && operator !== "=" && operator !== "!=") {
    const fix = "Compare with = or !=; which text comes first depends on the language";
    throw new RuleError(at, `${type === "text" ? "text" : "true and false"} has no order here`, fix);
  }
  const compare = type === "number" ? compareTexts : compareCodeUnits;
  const holds = HOLDS[operator];
  return (cells) => {
    const [a, b] = [left(cells), right(cells)];
    return a === null || b === null ? null : holds(compare(a, b));
  };
}

const compareCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
