/** HTML as values: every value in a template is escaped, unless it is HTML already. */
export interface Html {
  readonly html: string;
}

type Piece = Html | string | number | null | undefined | false | readonly Piece[];

/** `html\`<b>${untrusted}</b>\`` */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  return { html: strings.reduce((text, string, index) => text + render(pieces[index - 1]) + string) };
}

/** HTML from a source that has already escaped or sanitized it. */
export const rawHtml = (text: string): Html => ({ html: text });

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

function render(piece: Piece): string {
  if (piece === null || piece === undefined || piece === false) return "";
  if (typeof piece === "string") return escapeHtml(piece);
  if (typeof piece === "number") return String(piece);
  return isList(piece) ? piece.map(render).join("") : piece.html;
}

const isList = (piece: Html | readonly Piece[]): piece is readonly Piece[] => Array.isArray(piece);
