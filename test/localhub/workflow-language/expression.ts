/** One expression, without `${{ }}`, parsed and evaluated by GitHub's own package. */
import { data, Evaluator, Lexer, Parser } from "@actions/expressions";
import {
  Binary,
  type Expr,
  FunctionCall,
  Grouping,
  IndexAccess,
  type Literal,
  Logical,
  Unary,
} from "@actions/expressions/ast";
import type { ExpressionData } from "@actions/expressions/data/expressiondata";
import type { FunctionDefinition } from "@actions/expressions/funcs/info";
import { TokenType } from "@actions/expressions/lexer";
import { errorMessage } from "./error-message.ts";
import { toData, toJson } from "./expression-data.ts";
import type { Json } from "./values.ts";

/** Characters of one expression; the package has the limit too, but no message for it. */
const maximumLength = 21_000;

export interface Scope {
  /** `github`, `env`, `needs` … by name. An expression that uses any other context is rejected. */
  readonly contexts: Readonly<Record<string, Json>>;
  /** Functions added to GitHub's own at this position: `success`, `failure`, `always`, `cancelled`, `hashFiles`. */
  readonly functions?: Readonly<Record<string, (...args: readonly Json[]) => Json>>;
}

/**
 * Thrown for an expression that cannot be parsed or evaluated. `location` is its path in the template, if it has one.
 */
export class ExpressionError extends Error {
  readonly expression: string;
  readonly location: string;

  constructor(expression: string, reason: string, location = "", cause?: unknown) {
    super(`${location === "" ? "" : `${location}: `}${reason}, in the expression \${{ ${expression} }}`, { cause });
    this.name = "ExpressionError";
    this.expression = expression;
    this.location = location;
  }
}

/** @throws ExpressionError for bad syntax, an unknown context or function, and for values a function rejects. */
export function evaluateExpression(source: string, scope: Scope, location?: string): Json {
  return withExpressionErrors(source, location, () => {
    const functions = functionsOf(scope);
    return toJson(new RunnerEvaluator(parse(source, scope, functions), contextsOf(scope), functions).evaluate());
  });
}

/** Whether a condition checks the status of the job or steps before it. One that does not means `success() && …`. */
export function callsStatusFunction(source: string, scope: Scope): boolean {
  return withExpressionErrors(source, undefined, () => callsStatus(parse(source, scope, functionsOf(scope))));
}

function withExpressionErrors<T>(source: string, location: string | undefined, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new ExpressionError(source, errorMessage(error), location, error);
  }
}

function parse(source: string, scope: Scope, functions: ReadonlyMap<string, FunctionDefinition>): Expr {
  if (source.trim() === "") throw new Error("An expression was expected");
  if (source.length > maximumLength) throw new Error(`Exceeded max expression length ${maximumLength}`);
  const { tokens } = new Lexer(source).lex();
  for (const token of tokens) {
    // The lexer of 0.3.61 replaces only the first '' of a string by '.
    if (token.type === TokenType.STRING) token.value = token.lexeme.slice(1, -1).replaceAll("''", "'");
  }
  return new Parser(tokens, Object.keys(scope.contexts), [...functions.values()]).parse();
}

class RunnerEvaluator extends Evaluator {
  override visitLiteral(literal: Literal): ExpressionData {
    const value = literal.literal;
    return value instanceof data.NumberData ? toData(value.value) : value;
  }
}

function contextsOf(scope: Scope): data.Dictionary {
  return new data.Dictionary(
    ...Object.entries(scope.contexts).map(([key, value]) => ({
      key,
      // Names in `env` are case-sensitive everywhere but on Windows; every other context ignores case.
      value: toData(value, key === "env" ? "exact-case" : "any-case"),
    })),
  );
}

function functionsOf(scope: Scope): Map<string, FunctionDefinition> {
  const all = { ...jsonFunctions, ...scope.functions };
  return new Map(
    Object.entries(all).map(([name, call]) => [
      name.toLowerCase(),
      { name, minArgs: 0, maxArgs: 255, call: (...args: ExpressionData[]) => toData(call(...args.map(toJson))) },
    ]),
  );
}

/** Instead of the package's own: its dictionaries lose keys such as `constructor`, and its errors give no reason. */
const jsonFunctions: NonNullable<Scope["functions"]> = {
  fromJSON: (text = null) => {
    try {
      const parsed: Json = JSON.parse(typeof text === "string" ? text : JSON.stringify(text));
      return parsed;
    } catch (error) {
      throw new Error(`fromJSON was given text that is not JSON (${errorMessage(error)})`);
    }
  },
  toJSON: (value = null) => JSON.stringify(value, undefined, 2),
};

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
