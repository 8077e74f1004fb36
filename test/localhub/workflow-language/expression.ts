/** One expression, without `${{ }}`, parsed and evaluated by GitHub's own package. */
import { Evaluator, Lexer, Parser } from "@actions/expressions";
import { Binary, type Expr, FunctionCall, Grouping, IndexAccess, Logical, Unary } from "@actions/expressions/ast";
import type { FunctionInfo } from "@actions/expressions/funcs/info";
import { TokenType } from "@actions/expressions/lexer";
import { data } from "@actions/expressions";
import { numberText, toData, toJson } from "./expression-data.ts";
import { isList, isMapping, type Json } from "./values.ts";

export interface Scope {
  /** `github`, `env`, `needs` … by name. An expression that names any other context is refused. */
  readonly contexts: Readonly<Record<string, Json>>;
  /** What the place adds to GitHub's functions: `success`, `failure`, `always`, `cancelled`, `hashFiles`. */
  readonly functions?: Readonly<Record<string, (...args: readonly Json[]) => Json>>;
}

/** Thrown for an expression that cannot be parsed or evaluated. */
export class ExpressionFault extends Error {
  readonly expression: string;

  constructor(expression: string, reason: string, cause?: unknown) {
    super(`${reason}, in the expression \${{ ${expression} }}`, { cause });
    this.name = "ExpressionFault";
    this.expression = expression;
  }
}

/** @throws ExpressionFault for bad syntax, an unknown context or function, and for values a function refuses. */
export function evaluateExpression(source: string, scope: Scope): Json {
  const functions = functionsOf(scope);
  try {
    const tree = parse(source, Object.keys(scope.contexts), functions);
    return toJson(new Evaluator(tree, contextsOf(scope), functions).evaluate());
  } catch (error) {
    throw new ExpressionFault(source, error instanceof Error ? error.message : String(error), error);
  }
}

/** Whether a condition asks for the state of the job or step before it; one that does not means `success() && …`. */
export function callsStatusFunction(source: string, scope: Scope): boolean {
  try {
    return callsStatus(parse(source, Object.keys(scope.contexts), functionsOf(scope)));
  } catch (error) {
    throw new ExpressionFault(source, error instanceof Error ? error.message : String(error), error);
  }
}

function parse(source: string, contexts: readonly string[], functions: ReadonlyMap<string, FunctionInfo>): Expr {
  const { tokens } = new Lexer(source).lex();
  for (const token of tokens) {
    // The lexer of 0.3.61 undoubles only the first '' of a string.
    if (token.type === TokenType.STRING) token.value = token.lexeme.slice(1, -1).replaceAll("''", "'");
  }
  const tree: Expr | undefined = new Parser(tokens, [...contexts], [...functions.values()]).parse();
  return tree;
}

const statusFunctions = new Set(["success", "failure", "cancelled", "always"]);

function callsStatus(tree: Expr): boolean {
  if (tree instanceof FunctionCall) {
    return statusFunctions.has(tree.functionName.lexeme.toLowerCase()) || tree.args.some(callsStatus);
  }
  if (tree instanceof Binary) return callsStatus(tree.left) || callsStatus(tree.right);
  if (tree instanceof Unary) return callsStatus(tree.expr);
  if (tree instanceof Logical) return tree.args.some(callsStatus);
  if (tree instanceof Grouping) return callsStatus(tree.group);
  return tree instanceof IndexAccess && (callsStatus(tree.expr) || callsStatus(tree.index));
}
