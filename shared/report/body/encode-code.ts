/** Lines inside a fence, where no entity is read: whatever they say is shown, but for what is hidden or would be ours. */

/** @returns lines without the last line end; a hidden line of ours cannot be among them */
export function encodeCodeLines(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\r\n?/g, "\n")
    .trimEnd()
    .replaceAll(HIDDEN, "\uFFFD")
    .replaceAll(/<!--(?= mlops-actions\/)/g, "<!--\u2060");
}

/** Longer than any row of backticks in the lines, which would end it. */
export const fenceFor = (lines: string): string =>
  "`".repeat([...lines.matchAll(/`+/g)].reduce((longest, [ticks]) => Math.max(longest, ticks.length), 2) + 1);

/** As in a line of text, but that tabs and line ends stay. */
const HIDDEN = /(?!\u200C|\u200D|[\n\t])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}]/gu;
