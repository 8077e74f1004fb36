/** A rule that cannot be used, and what to write instead. */
export class RuleError extends Error {
  readonly fix: string;

  /** @param at character of the rule, from 0 */
  constructor(at: number, message: string, fix: string) {
    super(`at character ${at + 1} of the rule, ${message}`);
    this.name = "RuleError";
    this.fix = fix;
  }
}
