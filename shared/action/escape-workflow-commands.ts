/**
 * Makes text safe to print where a runner reads along. A runner takes a line for a command when it starts with `::`
 * after white space, and, in the older form, when `##[` stands anywhere in it (github.com/actions/runner,
 * ActionCommand). Both marks are pulled apart; nothing else of the text changes but control characters, which a
 * terminal would obey.
 */
export function escapeWorkflowCommands(text: string): string {
  return (
    text
      .replaceAll(/\r\n?|[\u0085\u2028\u2029]/g, "\n")
      .replaceAll(CONTROL_CHARACTERS, "\uFFFD")
      // Blanks of one line only: spanning lines, this would be quadratic in their number.
      .replaceAll(/^([^\S\n]*):(?=:)/gm, "$1: ")
      .replaceAll("##[", "## [")
  );
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through
const CONTROL_CHARACTERS = /[\u0000-\u0008\u000B-\u001F\u007F-\u0084\u0086-\u009F\u202A-\u202E\u2066-\u2069]/g;
