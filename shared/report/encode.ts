/**
 * The only encoder for untrusted text: names of metrics and files, reasons, and everything that the run of a fork wrote.
 * The result is one line of Markdown that only shows the text, also inside a table or an HTML element.
 */

/** A longer text is cut: a report is read by people. In UTF-16 units, before encoding. */
export const MAX_TEXT_LENGTH = 400;
const MAX_NAME_LENGTH = 120;

/**
 * Plain text: no markup, link, image, mention, reference, emoji code, HTML, comment or table cell can result from it. A word that
 * GitHub would make a link of is shown as code: it searches the rendered text for them, but never inside code.
 */
export function encodeText(text: string, longest = MAX_TEXT_LENGTH): string {
  const words = oneLine(text, longest).split(" ");
  return words.map((word, at) => (LINKED.test(word) ? encodeLinked(word) : encodeWord(word, at === 0))).join(" ");
}

/** A code span, but for the characters that cannot be in one: in a table they would need a backslash, and nowhere else. */
const encodeLinked = (word: string): string =>
  word
    .split(/([`|\\])/)
    .map((piece, at) => (at % 2 === 1 ? entity(piece) : piece === "" ? "" : `\`${piece}\``))
    .join("");

/** @param isFirst it could start like a list, the underline of a heading, a numbered list or a command for a bot */
function encodeWord(word: string, isFirst: boolean): string {
  const start = isFirst ? (/^(?:\d{1,9}[.)]$|[-+=/.])/.exec(word)?.[0].length ?? 0) : 0;
  return [...word]
    .map((character, at) => {
      const isSpecial = SPECIAL.test(character) || (at === start - 1 && !/\w/.test(character));
      return isSpecial ? entity(character) : character;
    })
    .join("");
}

/** A name as a code span if it has only safe characters, otherwise as plain text. */
export function encodeName(name: string): string {
  const line = oneLine(name, MAX_NAME_LENGTH);
  return SAFE_IN_CODE_SPAN.test(line) ? `\`${line}\`` : encodeText(line);
}

/** Characters without a special meaning inside a code span, also if the span is in a table. */
const SAFE_IN_CODE_SPAN = /^[\w.%(/@#,:+=-](?:[\w.%(/@#,:+=) -]*[\w.%/@#,:+=)-])?$/;

/** Everything that Markdown or HTML could read as markup, anywhere in a line. */
const SPECIAL = /[&<>[\]!|\\*_~$:@#`^{}]/;

/** Mentions, references to issues and repositories, addresses, emoji codes, and what could be the SHA of a commit. */
const LINKED = /[@#]|GH-\d|:\/\/|:[\w+-]+:|www\.|(?<![0-9a-z])[0-9a-f]{7,}(?![0-9a-z])/i;

function oneLine(text: string, longest: number): string {
  const line = text.toWellFormed().replaceAll(/\s+/g, " ").trim().replaceAll(HIDDEN, "\uFFFD");
  return line.length <= longest ? line : `${cut(line, longest - 1)}…`;
}

/** Control and format characters that are invisible or change how other text is shown; the joiners that some scripts need stay. */
const HIDDEN = /(?![\u200C\u200D])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}]/gu;

/** Cuts to at most this many UTF-16 units, but not within a character as people count them. */
function cut(text: string, units: number): string {
  let end = 0;
  for (const { index, segment } of graphemes().segment(text.slice(0, units + MAX_NAME_LENGTH))) {
    if (index + segment.length > units) break;
    end = index + segment.length;
  }
  return text.slice(0, end);
}

let segmenter: Intl.Segmenter | undefined;
/** Made when a text is cut, which is rare: it takes a tenth of the start of an action. */
const graphemes = (): Intl.Segmenter => (segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" }));

const entity = (character: string): string => `&#${character.codePointAt(0) ?? 0};`;
