/**
 * The one encoder for text that is not ours: names of metrics and files, reasons, whatever a fork's run wrote. The
 * result is one line of Markdown that shows the text and does nothing else, also inside a table or an HTML element.
 */

/** A longer text is cut: a report is read by people. In UTF-16 units, before encoding. */
export const MAX_TEXT_LENGTH = 400;
const MAX_NAME_LENGTH = 120;

/** Plain text: no markup, link, image, mention, reference, emoji code, HTML, comment or table cell can come of it. */
export function encodeText(text: string): string {
  const broken = oneLine(text, MAX_TEXT_LENGTH).replaceAll(AUTOLINKS, breakUp);
  // A line that starts like a list, a heading's underline, a number of a list or a bot's command.
  const start = /^(?:\d{1,9}[.)](?=\s|$)|[-+=/.])/.exec(broken)?.[0].length ?? 0;
  let encoded = "";
  for (const [at, character] of [...broken].entries()) {
    encoded += SPECIAL.test(character) || (at === start - 1 && !/\w/.test(character)) ? entity(character) : character;
  }
  return encoded;
}

/** A name in code type where it has only everyday characters, else as plain text. */
export function encodeName(name: string): string {
  const line = oneLine(name, MAX_NAME_LENGTH);
  return SAFE_IN_CODE_SPAN.test(line) ? `\`${line}\`` : encodeText(line);
}

/** Nothing of these means anything inside a code span, not even where the span stands in a table. */
const SAFE_IN_CODE_SPAN = /^[\w.%(/@#,:+=-](?:[\w.%(/@#,:+=) -]*[\w.%/@#,:+=)-])?$/;

/** Everything that Markdown or HTML could take for markup, wherever it stands in a line. */
const SPECIAL = /[&<>[\]!|\\*_~$:@#`^{}\u2060]/;

/** Seen by nobody, no part of any word, and no place to break a line: what has it inside is no mention, link or reference. */
const BREAK = "\u2060";

/**
 * GitHub looks for these in the text that readers see, so that an entity in place of a sign does not stop it. The last
 * is what could be a commit's SHA, in pieces that cannot.
 */
const AUTOLINKS = /[@#]|GH(?=-\d)|:(?=\/\/|[\w+-]+:)|www(?=\.)|(?<![0-9a-z])[0-9a-f]{7,}(?![0-9a-z])/gi;

const breakUp = (found: string): string => found.replaceAll(/.{1,6}/g, (piece) => piece + BREAK);

function oneLine(text: string, longest: number): string {
  const line = text.toWellFormed().replaceAll(/\s+/g, " ").trim().replaceAll(HIDDEN, "\uFFFD");
  return line.length <= longest ? line : `${cut(line, longest - 1)}…`;
}

/** Controls and formats that change how other text is shown or that nobody sees; the joiners that scripts need stay. */
const HIDDEN = /(?![\u200C\u200D])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}]/gu;

/** At most so many units, and no half of a character as people count them. */
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
