/** HTML, and the only way to put text into it. */

export interface Html {
  readonly html: string;
}

/** Trusted template text with values: `Html`, numbers, or text, which is escaped for elements and quoted attributes. */
export function html(template: TemplateStringsArray, ...values: readonly (Html | string | number)[]): Html {
  return { html: template.reduce((text, part, at) => text + toHtml(values[at - 1] ?? "") + part) };
}

export const joinHtml = (parts: readonly Html[]): Html => ({ html: parts.map((part) => part.html).join("") });

const toHtml = (value: Html | string | number): string =>
  typeof value === "object" ? value.html : escapeHtml(String(value));

export const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
