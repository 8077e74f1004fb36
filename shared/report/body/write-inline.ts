/** One line of the author's text, written again: text is encoded, and only emphasis, code and line breaks are markup. */
import { encodeText } from "../encode.ts";
import type { Markdown } from "../markdown.ts";
import type { BodyNode } from "./parse-body.ts";
import { type NamedPicture, resolvePicture } from "./picture.ts";

export interface BodyOptions {
  /** Path of the Markdown file. */
  readonly file: string;
  readonly showPicture: (picture: NamedPicture) => Markdown;
}

type Piece = { readonly text: string } | Markdown;

/** Tags and not asterisks: whatever stands beside them, they are read as what they are. */
const TAGS: Readonly<Record<string, string>> = { strong: "strong", em: "em", s: "del" };

/** @param encode of plain text. @returns one line, empty when there is nothing to see */
export function writeInline(nodes: readonly BodyNode[], options: BodyOptions): string {
  const line = join(nodes.flatMap((node) => toPieces(node, options)));
  return line.replaceAll(/^(?:\s|<br>)+|(?:\s|<br>)+$/g, "");
}

function toPieces(node: BodyNode, options: BodyOptions): readonly Piece[] {
  const inner = (): readonly Piece[] => node.children.flatMap((child) => toPieces(child, options));
  switch (node.type) {
    case "text":
    case "text_special":
      return [{ text: node.content }];
    case "softbreak":
      return [{ text: " " }];
    case "hardbreak":
      return [BREAK];
    case "code_inline":
      return [wrap("code", [{ text: node.content }])];
    case "html_inline":
      if (/^<br *\/?>$/i.test(node.content)) return [BREAK];
      return node.content.startsWith("<!--") ? [] : [{ text: node.content }];
    case "image": {
      const { src: address = "" } = node.attributes;
      return [options.showPicture(resolvePicture(plainText(node.children), address, options.file))];
    }
    case "link": {
      // Nobody is led anywhere: the address is there to read.
      const { href: address = "" } = node.attributes;
      const isShown = address.startsWith("#") || plainText(node.children) === address;
      return isShown ? inner() : [...inner(), { text: ` (${address})` }];
    }
    default: {
      const tag = TAGS[node.type];
      return tag === undefined ? [...inner(), { text: node.content }] : [wrap(tag, inner())];
    }
  }
}

const BREAK: Markdown = { markdown: "<br>" };

function wrap(tag: string, pieces: readonly Piece[]): Markdown {
  const inner = join(pieces);
  return { markdown: inner.trim() === "" ? inner : `<${tag}>${inner}</${tag}>` };
}

/** Texts side by side are one text: only so is it seen what they would become together. */
function join(pieces: readonly Piece[]): string {
  let line = "";
  let text = "";
  for (const piece of pieces) {
    if ("text" in piece) text += piece.text;
    else {
      line += encodeWithin(text) + piece.markdown;
      text = "";
    }
  }
  return line + encodeWithin(text);
}

/** With a space where there was one at its ends. */
function encodeWithin(text: string): string {
  const encoded = encodeText(text, Number.POSITIVE_INFINITY);
  const [before, after] = [/^\s/.test(text) ? " " : "", encoded !== "" && /\s$/.test(text) ? " " : ""];
  return before + encoded + after;
}

const plainText = (nodes: readonly BodyNode[]): string =>
  nodes.map((node) => node.content || plainText(node.children)).join("");
