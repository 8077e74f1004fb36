/** Which names a ref may have: the rules of `git check-ref-format`. */

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what git forbids.
const FORBIDDEN = /[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\/$|^\/|\.$/;

/** Whether this is a full ref name (`refs/heads/main`) that git would accept. */
export function isRefName(name: string): boolean {
  const parts = name.split("/");
  return (
    parts.length >= 3 &&
    parts[0] === "refs" &&
    !FORBIDDEN.test(name) &&
    parts.every((part) => part !== "" && !part.startsWith(".") && !part.endsWith(".lock"))
  );
}
