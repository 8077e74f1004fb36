const marks = ["[skip ci]", "[ci skip]", "[no ci]", "[skip actions]", "[actions skip]"];

/** Trailers at the end of a message, after two empty lines; `skip-checks` is the last of them. */
const trailer = /\n[ \t]*\n[ \t]*\n(?:[A-Za-z0-9-]+:[^\n]*\n)*skip-checks: ?true\s*$/;

/**
 * The text in a commit message that makes GitHub start no workflow on `push` and `pull_request`, if anything (GitHub
 * docs: "Skipping workflow runs").
 */
export function skipInstruction(message: string): string | undefined {
  const mark = marks.find((candidate) => message.includes(candidate));
  if (mark !== undefined) return mark;
  return trailer.test(message.replaceAll("\r\n", "\n")) ? "skip-checks: true" : undefined;
}
