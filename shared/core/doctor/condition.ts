/** What an `if` of a workflow means for a gate. */

/** Without blanks and the braces around it. */
const bare = (condition: string): string =>
  condition.replace(/^\s*\$\{\{([\s\S]*)\}\}\s*$/, "$1").replaceAll(/\s+/g, "");

/**
 * Whether a job with it runs on each of the events, whatever became of the jobs before it. What depends on anything but the
 * event may be skipped.
 */
export const alwaysRuns = (condition: string, events: readonly string[]): boolean =>
  events.every((event) => evaluate(substitute(bare(condition), event)) === true) && survivesFailure(condition);

/** The same of a step, whose job has failed already when a step before it has. */
export const alwaysRunsAfterSuccess = (condition: string, events: readonly string[]): boolean =>
  events.every((event) => evaluate(substitute(bare(condition), event)) === true);

/** Whether it is looked at although a job before it failed. */
export const survivesFailure = (condition: string): boolean =>
  /always\(\)|!cancelled\(\)|(?<!!)failure\(\)/.test(bare(condition));

/** What is known of an expression: `T` and `F` for true and false. */
const substitute = (expression: string, event: string): string =>
  expression
    .replaceAll(/always\(\)|!cancelled\(\)|success\(\)\|\|failure\(\)|failure\(\)\|\|success\(\)|success\(\)/g, "T")
    .replaceAll(/github\.event_name(==|!=)'([\w-]+)'/g, (_, operator: string, name: string) =>
      (name === event) === (operator === "==") ? "T" : "F",
    );

/** Of `T`, `F`, `!`, `&&`, `||` and parentheses; `undefined`: there is something else in it. */
function evaluate(expression: string): boolean | undefined {
  let text = expression;
  for (let before = ""; text !== before; ) {
    before = text;
    text = text
      .replaceAll("!T", "F")
      .replaceAll("!F", "T")
      .replaceAll(/\(([TF])\)/g, "$1")
      .replace(/(?<![!&])([TF])&&([TF])/, (_, a: string, b: string) => (a === "T" && b === "T" ? "T" : "F"))
      .replace(/(?<![!&|])([TF])\|\|([TF])(?!&)/, (_, a: string, b: string) => (a === "T" || b === "T" ? "T" : "F"));
  }
  return text === "T" ? true : text === "F" ? false : undefined;
}
