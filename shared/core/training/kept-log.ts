/** The log of a training as it is kept: how it began and how it ended, without secrets, safe to be read and passed on. */

/** What a training printed, in lines. */
export interface TrainingOutput {
  /** Of all of the output. */
  readonly bytes: number;
  /** All of the lines, unless `omittedBytes` says otherwise. */
  readonly head: readonly string[];
  readonly omittedBytes: number;
  readonly tail: readonly string[];
}

export interface KeptLog {
  /** Of all of the output, not only of what is kept. */
  readonly bytes: number;
  readonly lines: readonly string[];
}

/** As many as a reader looks at, and as a record may have. */
const TAIL_LINES = 50;
const MAX_TAIL_LINE = 2_000;

/** @param mask masks secrets in a text */
export function keepLog({ bytes, head, omittedBytes, tail }: TrainingOutput, mask: (text: string) => string): KeptLog {
  const clean = (lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : encodeControlCharacters(mask(lines.join("\n"))).split("\n");
  const gap =
    omittedBytes === 0 ? [] : [`… ${omittedBytes.toLocaleString("en")} bytes of the output are left out here …`];
  return { bytes, lines: [...clean(head), ...gap, ...clean(tail)] };
}

/** The last lines, each cut to a length that a record may have. */
export const lastLines = ({ lines }: KeptLog): readonly string[] => lines.slice(-TAIL_LINES).map(cutLine);

const cutLine = (line: string): string =>
  line.length <= MAX_TAIL_LINE ? line : `${line.slice(0, MAX_TAIL_LINE - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;

/** For an error message, which may have some kB: the newest of the last lines. */
export function linesForMessage(lines: readonly string[]): readonly string[] {
  let room = MAX_MESSAGE_LENGTH;
  const first = lines.findLastIndex((line) => {
    room -= line.length + 3;
    return room < 0;
  });
  return lines.slice(first + 1);
}

/** GitHub cuts an annotation at 64 kB. */
const MAX_MESSAGE_LENGTH = 12_000;

/** Where the log is kept: beside the record. */
export const logPathOf = (record: string): string => `${record.replace(/\.json$/i, "")}.log`;

/** What is hidden or would turn the text around becomes U+FFFD; line ends and tabs stay. */
const encodeControlCharacters = (text: string): string => text.toWellFormed().replaceAll(HIDDEN, "\uFFFD");

const HIDDEN = /(?![\n\t\u200C\u200D])[\p{Cc}\p{Cf}\u2028\u2029]/gu;
