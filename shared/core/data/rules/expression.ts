/** A rule as a tree. Each part knows the character at which it begins, for messages. */

export type Comparison = "=" | "!=" | "<" | "<=" | ">" | ">=";
export type Arithmetic = "+" | "-" | "*";

export type Expression = { readonly at: number } & (
  | { readonly kind: "column"; readonly name: string }
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "arithmetic";
      readonly operator: Arithmetic;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: "length"; readonly of: Expression }
  | {
      readonly kind: "comparison";
      readonly operator: Comparison;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: "in"; readonly value: Expression; readonly choices: readonly Expression[] }
  | { readonly kind: "is-null"; readonly value: Expression }
  | { readonly kind: "not"; readonly of: Expression }
  | { readonly kind: "and" | "or"; readonly left: Expression; readonly right: Expression }
);

/** The columns that an expression names, each once. */
export const columnsOf = (expression: Expression): readonly string[] => [...new Set(namesIn(expression))];

function namesIn(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case "column":
      return [expression.name];
    case "number":
    case "text":
      return [];
    case "length":
    case "not":
      return namesIn(expression.of);
    case "is-null":
      return namesIn(expression.value);
    case "in":
      return [expression.value, ...expression.choices].flatMap(namesIn);
    default:
      return [...namesIn(expression.left), ...namesIn(expression.right)];
  }
}
