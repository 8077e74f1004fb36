/**
 * The pattern language of environments' branch policies: Ruby's `File.fnmatch` with `FNM_PATHNAME` (GitHub docs,
 * "Deployment branches and tags"). `*` and `?` stop at `/`, `**` followed by `/` spans folders, `[a-z]` and
 * `[^a-z]` are sets, a backslash makes the next character literal.
 */
export function fnmatch(pattern: string, name: string): boolean {
  return toRegExp(pattern).test(name);
}

function toRegExp(pattern: string): RegExp {
  let source = "";
  for (let at = 0; at < pattern.length; ) {
    const [piece, length] = pieceAt(pattern, at);
    source += piece;
    at += length;
  }
  return new RegExp(`^${source}$`, "su");
}

/** The regular expression for the part of the pattern at `at`, and the number of characters in that part. */
function pieceAt(pattern: string, at: number): readonly [string, number] {
  const rest = pattern.slice(at);
  const atSegmentStart = at === 0 || pattern[at - 1] === "/";
  if (atSegmentStart && rest.startsWith("**/")) return ["(?:[^/]+/)*", 3];
  const stars = /^\*+/.exec(rest)?.[0];
  if (stars !== undefined) return ["[^/]*", stars.length];
  if (rest.startsWith("?")) return ["[^/]", 1];
  const set = /^\[([!^]?)((?:\\.|[^\]\\])+)\]/su.exec(rest);
  if (set) return [characterSet(set[1] !== "", set[2] ?? ""), set[0].length];
  const escaped = /^\\(.)/su.exec(rest);
  if (escaped) return [literal(escaped[1] ?? ""), escaped[0].length];
  const character = /^./su.exec(rest)?.[0] ?? "";
  return [literal(character), character.length];
}

/** A set never matches `/`, even when it is a negated one. */
function characterSet(negated: boolean, members: string): string {
  const safe = members.replaceAll(/\\(.)/gsu, "$1").replaceAll(/[\\\][^&|~]/g, "\\$&");
  return `(?!/)[${negated ? "^" : ""}${safe}]`;
}

const literal = (character: string): string => character.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
