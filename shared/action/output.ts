/** The outputs that an action sets. Each has a value for an action that fails before it has a result. */
export interface OutputSpec<Value extends string> {
  readonly kind: string;
  readonly doc: string;
  /** Written when the action ends in a failure; the empty string by default. */
  readonly onFailure: Value | "";
  readonly choices: readonly string[] | undefined;
}

export const output = {
  text: (doc: string): OutputSpec<string> => ({ kind: "text", doc, onFailure: "", choices: undefined }),
  path: (doc: string): OutputSpec<string> => ({ kind: "path", doc, onFailure: "", choices: undefined }),
  /** One of a set of words; `onFailure` is the one that means "could not be decided". */
  oneOf: <const Choice extends string>(
    choices: readonly Choice[],
    doc: string,
    onFailure?: NoInfer<Choice>,
  ): OutputSpec<Choice> => ({ kind: "oneOf", doc, onFailure: onFailure ?? "", choices }),
} as const;
