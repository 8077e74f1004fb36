/** Takes the author's Markdown apart: into a tree of what CommonMark and GitHub's tables say it is, with nothing shown yet. */
import MarkdownIt, { type Token } from "markdown-it";
import { userError } from "../../problem/problem.ts";

export interface BodyNode {
  /** As markdown-it calls it, for example `paragraph`, `td` or `code_inline`. */
  readonly type: string;
  /** Text of a leaf. */
  readonly content: string;
  /** Language of a fence, number of a list item. */
  readonly info: string;
  /** For example `h2`. */
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** A paragraph of a list whose items have no blank lines between them. */
  readonly isTight: boolean;
  readonly children: readonly BodyNode[];
}

/** Of blocks and of inline markup, each; a list has two for each level. GitHub shows such a text no better. */
const MAX_DEPTH = 24;

const parser = new MarkdownIt({ html: true, linkify: false, maxNesting: 4 * MAX_DEPTH });
// Addresses are shown or read, never followed: as they are written.
parser.validateLink = () => true;
parser.normalizeLink = (address) => address;
parser.normalizeLinkText = (address) => address;

/** @throws ActionError `body-too-deep` */
export function parseBody(text: string, file: string): readonly BodyNode[] {
  return toTree(parser.parse(text, {}), file);
}

function toTree(tokens: readonly Token[], file: string): readonly BodyNode[] {
  const root: BodyNode[] = [];
  const open = [root];
  for (const token of tokens) {
    if (token.level > MAX_DEPTH) throw tooDeep(file, token.map?.[0]);
    if (token.nesting < 0) open.pop();
    else {
      const children: BodyNode[] = [...toTree(token.children ?? [], file)];
      open.at(-1)?.push(toNode(token, children));
      if (token.nesting > 0) open.push(children);
    }
  }
  return root;
}

const toNode = (token: Token, children: readonly BodyNode[]): BodyNode => ({
  type: token.type.replace(/_open$/, ""),
  content: token.content,
  info: token.info,
  tag: token.tag,
  attributes: Object.fromEntries((token.attrs ?? []).map(([name, value]) => [name, String(value)])),
  isTight: token.hidden,
  children,
});

const tooDeep = (file: string, line: number | undefined): Error =>
  userError({
    code: "body-too-deep",
    message: `its lists, quotes or emphases are nested more than ${MAX_DEPTH} deep`,
    place: { file, ...(line !== undefined && { line: line + 1 }) },
    fix: "Write it flatter",
  });
