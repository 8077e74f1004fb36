/** What a picture in the author's Markdown names. */

export interface NamedPicture {
  /** The text that stands for it; may be empty. */
  readonly alt: string;
  /** As it is written. */
  readonly address: string;
  /** Path in the workspace, `undefined` for one that is elsewhere: nothing is ever fetched. It may lead out by `..`. */
  readonly path: string | undefined;
}

/**
 * The file that an address names, as GitHub resolves it: from the folder of the Markdown file, or with `/` from the root.
 * @param file path of the Markdown file
 */
export function resolvePicture(alt: string, address: string, file: string): NamedPicture {
  const isElsewhere = /^(?:[a-z][a-z0-9+.-]*:|\/\/|#|$)/i.test(address);
  if (isElsewhere) return { alt, address, path: undefined };
  const named = decode(address.replace(/[?#].*$/s, ""));
  const folder = file.slice(0, file.lastIndexOf("/") + 1);
  return { alt, address, path: named.startsWith("/") ? named.replace(/^\/+/, "") : folder + named };
}

function decode(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

/** The words that stand for it: its alternative text, or the last part of its address. */
export const nameOfPicture = ({ alt, address }: NamedPicture): string =>
  alt.trim() === "" ? address.replace(/^.*\//, "").slice(0, 80) : alt;
