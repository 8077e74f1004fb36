/**
 * Makes text safe to print to a runner's log. A runner takes a line for a command when it starts with `::` after white
 * space, and, in the older form, when `##[` is anywhere in it (github.com/actions/runner, ActionCommand). A space is
 * inserted into both; apart from that only control characters are replaced, which a terminal would obey.
 */
export function escapeWorkflowCommands(text: string): string {
  return (
    text
      .replaceAll(/\r\n?|[\u0085\u2028\u2029]/g, "\n")
      .replaceAll(CONTROL_CHARACTERS, "\uFFFD")
      // Only white space without line ends: across lines, this would take quadratic time.
      .replaceAll(/^([^\S\n]*):(?=:)/gm, "$1: ")
      .replaceAll("##[", "## [")
  );
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these characters must be replaced
const CONTROL_CHARACTERS = /[\u0000-\u0008\u000B-\u001F\u007F-\u0084\u0086-\u009F\u202A-\u202E\u2066-\u2069]/g;
