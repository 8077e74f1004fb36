/** From a rule's text to its tree. */
import type { Arithmetic, Comparison, Expression } from "./expression.ts";
import { RuleReader } from "./rule-reader.ts";

const KEYWORDS = ["and", "or", "not", "if", "then", "in", "is", "null", "between", "length"];

/** @throws RuleError with the character at which it cannot be read */
export function parseRule(rule: string): Expression {
  const reader = new RuleReader(rule);
  const expression = readTruth(reader);
  if (reader.word.kind !== "end") throw reader.unexpected("Join conditions with and, or");
  return expression;
}

const readTruth = (reader: RuleReader): Expression => reader.deeper(() => readCondition(reader));

/** `if a then b` is `not a or b`. */
function readCondition(reader: RuleReader): Expression {
  const start = reader.takeIf("if");
  if (start === undefined) return readJoined(reader, "or");
  const condition = readJoined(reader, "or");
  reader.expect("then", "Write if … then …");
  const right = readTruth(reader);
  return { kind: "or", at: start.at, left: { kind: "not", at: start.at, of: condition }, right };
}

function readJoined(reader: RuleReader, kind: "or" | "and"): Expression {
  const readPart = () => (kind === "or" ? readJoined(reader, "and") : readNegation(reader));
  let left = readPart();
  while (reader.takeIf(kind) !== undefined) left = { kind, at: left.at, left, right: readPart() };
  return left;
}

function readNegation(reader: RuleReader): Expression {
  const not = reader.takeIf("not");
  if (not === undefined) return readComparison(reader);
  return { kind: "not", at: not.at, of: reader.deeper(() => readNegation(reader)) };
}

function readComparison(reader: RuleReader): Expression {
  const left = readSum(reader);
  const sign = reader.takeIf("=", "!=", "<", "<=", ">", ">=");
  if (sign !== undefined) {
    return { kind: "comparison", at: left.at, operator: sign.text as Comparison, left, right: readSum(reader) };
  }
  if (reader.takeIf("is") !== undefined) {
    const negated = reader.takeIf("not") !== undefined;
    reader.expect("null", "Write is null or is not null");
    return negate(negated, { kind: "is-null", at: left.at, value: left });
  }
  const negated = reader.takeIf("not") !== undefined;
  if (reader.takeIf("in") !== undefined) return negate(negated, readChoices(reader, left));
  if (reader.takeIf("between") !== undefined) return negate(negated, readBetween(reader, left));
  if (negated) throw reader.unexpected("Write not in (…) or not between … and …");
  return left;
}

const negate = (negated: boolean, of: Expression): Expression => (negated ? { kind: "not", at: of.at, of } : of);

function readChoices(reader: RuleReader, value: Expression): Expression {
  const fix = "Write the choices as (1, 2) or ('a', 'b')";
  reader.expect("(", fix);
  const choices = [readSum(reader)];
  while (reader.takeIf(",") !== undefined) choices.push(readSum(reader));
  reader.expect(")", fix);
  return { kind: "in", at: value.at, value, choices };
}

function readBetween(reader: RuleReader, value: Expression): Expression {
  const low = readSum(reader);
  reader.expect("and", "Write between … and …");
  const high = readSum(reader);
  const compare = (operator: Comparison, right: Expression): Expression => {
    return { kind: "comparison", at: value.at, operator, left: value, right };
  };
  return { kind: "and", at: value.at, left: compare(">=", low), right: compare("<=", high) };
}

function readSum(reader: RuleReader): Expression {
  return readChain(reader, ["+", "-"], () => readChain(reader, ["*"], () => readOperand(reader)));
}

function readChain(reader: RuleReader, signs: readonly Arithmetic[], readPart: () => Expression): Expression {
  let left = readPart();
  for (let sign = reader.takeIf(...signs); sign !== undefined; sign = reader.takeIf(...signs)) {
    left = { kind: "arithmetic", at: left.at, operator: sign.text as Arithmetic, left, right: readPart() };
  }
  return left;
}

function readOperand(reader: RuleReader): Expression {
  const opening = reader.takeIf("(");
  if (opening !== undefined) {
    const inner = readTruth(reader);
    reader.expect(")", "Close the parenthesis");
    return inner;
  }
  const minus = reader.takeIf("-");
  if (minus !== undefined) {
    const zero: Expression = { kind: "number", at: minus.at, text: "0" };
    return {
      kind: "arithmetic",
      at: minus.at,
      operator: "-",
      left: zero,
      right: reader.deeper(() => readOperand(reader)),
    };
  }
  if (reader.takeIf("length") !== undefined) {
    const { at } = reader.word;
    reader.expect("(", "Write length(column)");
    const of = reader.deeper(() => readSum(reader));
    reader.expect(")", "Write length(column)");
    return { kind: "length", at, of };
  }
  return readLeaf(reader);
}

function readLeaf(reader: RuleReader): Expression {
  const { kind, text, at } = reader.word;
  const isKeyword = kind === "name" && KEYWORDS.includes(text.toLowerCase());
  if (kind === "end" || kind === "sign" || isKeyword) {
    throw reader.unexpected("Write a column, a number or 'text' here; a column named like a keyword needs backquotes");
  }
  reader.take();
  return kind === "number" || kind === "text" ? { kind, at, text } : { kind: "column", at, name: text };
}
