/**
 * The only encoder for untrusted text: names of metrics and files, reasons, and everything that the run of a fork wrote.
 * The result is one line of Markdown that only shows the text, also inside a table or an HTML element.
 */

/** A longer text is cut: a report is read by people. In UTF-16 units, before encoding. */
export const MAX_TEXT_LENGTH = 400;
const MAX_NAME_LENGTH = 120;

/** Plain text: no markup, link, image, mention, reference, emoji code, HTML, comment or table cell can result from it. */
export function encodeText(text: string, longest = MAX_TEXT_LENGTH): string {
  const broken = oneLine(text, longest).replaceAll(AUTOLINKS, breakUp);
  // The line could start like a list, the underline of a heading, a numbered list or a command for a bot.
  const start = /^(?:\d{1,9}[.)](?=\s|$)|[-+=/.])/.exec(broken)?.[0].length ?? 0;
  let encoded = "";
  for (const [at, character] of [...broken].entries()) {
    encoded += SPECIAL.test(character) || (at === start - 1 && !/\w/.test(character)) ? entity(character) : character;
  }
  return encoded;
}

/** A name as a code span if it has only safe characters, otherwise as plain text. */
export function encodeName(name: string): string {
  const line = oneLine(name, MAX_NAME_LENGTH);
  return SAFE_IN_CODE_SPAN.test(line) ? `\`${line}\`` : encodeText(line);
}

/** Characters without a special meaning inside a code span, also if the span is in a table. */
const SAFE_IN_CODE_SPAN = /^[\w.%(/@#,:+=-](?:[\w.%(/@#,:+=) -]*[\w.%/@#,:+=)-])?$/;

/** Everything that Markdown or HTML could read as markup, anywhere in a line. */
const SPECIAL = /[&<>[\]!|\\*_~$:@#`^{}\u2060]/;

/** Word joiner: invisible, and not a line break. A mention, link or reference that contains it is not recognised. */
const BREAK = "\u2060";

/**
 * GitHub searches the rendered text for these, so that an entity in place of a character does not stop it. The last
 * alternative is what could be the SHA of a commit: it is split into pieces that are too short for one.
 */
const AUTOLINKS = /[@#]|GH(?=-\d)|:(?=\/\/|[\w+-]+:)|www(?=\.)|(?<![0-9a-z])[0-9a-f]{7,}(?![0-9a-z])/gi;

const breakUp = (found: string): string => found.replaceAll(/.{1,6}/g, (piece) => piece + BREAK);

function oneLine(text: string, longest: number): string {
  const line = text.toWellFormed().replaceAll(/\s+/g, " ").trim().replaceAll(HIDDEN, "\uFFFD");
  return line.length <= longest ? line : `${cut(line, longest - 1)}…`;
}

/** Control and format characters that are invisible or change how other text is shown; the joiners that some scripts need stay. */
const HIDDEN = /(?![\u200C\u200D])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}]/gu;

/** Cuts to at most this many UTF-16 units, but not within a character as people count them. */
function cut(text: string, units: number): string {
  let end = 0;
  for (const { index, segment } of graphemes.segment(text.slice(0, units + MAX_NAME_LENGTH))) {
    if (index + segment.length > units) break;
    end = index + segment.length;
  }
  return text.slice(0, end);
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

const entity = (character: string): string => `&#${character.codePointAt(0) ?? 0};`;
