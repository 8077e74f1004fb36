/** Splits text with `${{ expressions }}` in it as GitHub's template reader does. */

export type Segment =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "expression"; readonly source: string };

/**
 * The pieces of a template in order; no piece is empty text. A `}}` inside a single-quoted string of an expression
 * does not end it.
 * @throws Error for an expression that is not closed.
 */
export function splitTemplate(template: string): readonly Segment[] {
  const segments: Segment[] = [];
  let at = 0;
  for (;;) {
    const open = template.indexOf("${{", at);
    const text = template.slice(at, open < 0 ? undefined : open);
    if (text !== "") segments.push({ kind: "text", text });
    if (open < 0) return segments;
    const close = closeOf(template, open + 3);
    segments.push({ kind: "expression", source: template.slice(open + 3, close).trim() });
    at = close + 2;
  }
}

function closeOf(template: string, from: number): number {
  let quoted = false;
  for (let at = from; at < template.length; at += 1) {
    if (template[at] === "'") quoted = !quoted;
    else if (!quoted && template.startsWith("}}", at)) return at;
  }
  throw new Error(`The expression is not closed: found \${{ but no }} after it in ${JSON.stringify(template)}`);
}

/** The expression, when the template is nothing else: its value then keeps its type. */
export function wholeExpression(template: string): string | undefined {
  const [first, ...more] = splitTemplate(template);
  return first?.kind === "expression" && more.length === 0 ? first.source : undefined;
}

/**
 * The expression of a condition (`if:`). `${{ }}` around it changes nothing; but text around an expression makes it a
 * string, which is true unless empty: `if: ${{ a }} && ${{ b }}` is always true, on GitHub and here.
 */
export function conditionExpression(condition: string): string {
  if (!condition.includes("${{")) return condition.trim();
  const segments = splitTemplate(condition);
  const [first] = segments;
  if (first?.kind === "expression" && segments.length === 1) return first.source;
  const expressions = segments.flatMap((segment) => (segment.kind === "expression" ? [segment.source] : []));
  let index = 0;
  const format = segments.map((segment) => (segment.kind === "text" ? escapeFormat(segment.text) : `{${index++}}`));
  return `format('${format.join("")}', ${expressions.join(", ")})`;
}

function escapeFormat(text: string): string {
  return text.replaceAll("'", "''").replaceAll("{", "{{").replaceAll("}", "}}");
}
