/** Markdown that is safe to show, and the only way to put text into it. */
import { encodeName, encodeText } from "./encode.ts";

/** Trusted template text and encoded text, in one line. Created only by the functions of this file and of `body/`. */
export interface Markdown {
  readonly markdown: string;
}

/** Trusted template text with values: `Markdown`, numbers, or untrusted text, which is encoded. */
export function md(template: TemplateStringsArray, ...values: readonly (Markdown | string | number)[]): Markdown {
  return { markdown: template.reduce((line, text, at) => line + inline(values[at - 1] ?? "") + text) };
}

function inline(value: Markdown | string | number): string {
  if (typeof value === "object") return value.markdown;
  return typeof value === "number" ? String(value) : encodeText(value);
}

/** A name that the user chose: of a metric, a file, a branch. */
export const inlineName = (text: string): Markdown => ({ markdown: encodeName(text) });

export const EMPTY_MARKDOWN: Markdown = { markdown: "" };

export const joinMarkdown = (parts: readonly Markdown[], between: string): Markdown => ({
  markdown: parts.map(({ markdown }) => markdown).join(between),
});

/**
 * A link. The address comes from the runner, never from a record: an untrusted link could lead anywhere. Anything but a
 * plain https address (http for a local server) is shown without a link.
 */
export function link(label: Markdown, address: string | undefined): Markdown {
  return address !== undefined && /^https?:\/\/[\w.:-]+(?:\/[\w./%~@:?=&#+-]*)?$/.test(address)
    ? { markdown: `[${label.markdown}](${address})` }
    : label;
}

/** `7 rows`, `1 row`. */
export const formatCount = (number: number, one: string, many = `${one}s`): string =>
  `${groupDigits(number)} ${number === 1 ? one : many}`;

/** `20,190` */
export const groupDigits = (number: number): string => String(number).replaceAll(/\B(?=(?:\d{3})+$)/g, ",");

/** As the headline names a commit. */
export const shortCommit = (sha: string): Markdown => inlineName(sha.slice(0, 7));

/** The first digits of a commit or digest, which are enough to find it. */
export const shortHash = (hash: string): Markdown => inlineName(hash.replace(/^sha256:/, "").slice(0, 12));
