/** What an author adds to a result: words, pictures and plots. A comment names the pictures, and a page has them. */
import type { Plot } from "../../core/plots/plot.ts";
import type { BodyNode } from "../body/parse-body.ts";
import { type NamedPicture, nameOfPicture } from "../body/picture.ts";
import { writeBody } from "../body/write-body.ts";
import { type Html, html } from "../html.ts";
import { link, type Markdown, md } from "../markdown.ts";
import { plotsInComment, plotsInPage } from "../plots/plot-blocks.ts";
import { type Block, RANK } from "../report-tree.ts";

export interface Addition {
  readonly body: { readonly file: string; readonly nodes: readonly BodyNode[] } | undefined;
  readonly plots: readonly Plot[];
  readonly pictures: Pictures;
}

/** By path: its `data:` address, or why there is none. */
export type Pictures = ReadonlyMap<string, { readonly address: string } | { readonly reason: string }>;

/** Paths of the pictures in the workspace that a body names, each as often as it is named. */
export function listPictures(body: Addition["body"]): readonly string[] {
  const paths: string[] = [];
  const note = ({ path }: NamedPicture): Markdown => {
    if (path !== undefined) paths.push(path);
    return md``;
  };
  if (body !== undefined) writeBody(body.nodes, { file: body.file, showPicture: note });
  return paths;
}

/** @param report URL of the artifact with the page; `undefined`: it could not be kept */
export function additionInComment({ body, plots, pictures }: Addition, report: string | undefined): readonly Block[] {
  const showPicture = (picture: NamedPicture): Markdown => {
    const kept = picture.path === undefined ? undefined : pictures.get(picture.path);
    const isInReport = report !== undefined && kept !== undefined && "address" in kept;
    return isInReport ? md`🖼 ${nameOfPicture(picture)} (in the report)` : nameAbsent(picture, pictures);
  };
  const where =
    report === undefined
      ? md`The report with all pictures and charts could not be kept as an artifact; the log says why.`
      : md`All pictures and charts: ${link(md`the report`, report)}, an archive with report.html.`;
  return [...bodyBlocks(body, showPicture), ...plotsInComment(plots), { kind: "lines", lines: [where] }];
}

/** @param show makes a line that stands for a drawing */
export function additionInPage(
  { body, plots, pictures }: Addition,
  show: (drawing: Html) => Markdown,
): readonly Block[] {
  const showPicture = (picture: NamedPicture): Markdown => {
    const kept = picture.path === undefined ? undefined : pictures.get(picture.path);
    if (kept === undefined || "reason" in kept) return nameAbsent(picture, pictures);
    return show(html`<img src="${kept.address}" alt="${nameOfPicture(picture)}">`);
  };
  return [...bodyBlocks(body, showPicture), ...plotsInPage(plots, show)];
}

/** What of a text is shown before metrics without a rule, in UTF-16 units: a quarter of a comment. */
const FIRST_LENGTH = 16_000;

function bodyBlocks(body: Addition["body"], showPicture: (picture: NamedPicture) => Markdown): readonly Block[] {
  const parts = body === undefined ? [] : writeBody(body.nodes, { file: body.file, showPicture });
  if (body === undefined || parts.length === 0) return [];
  let length = 0;
  const items = parts.map((text) => {
    length += text.markdown.length;
    return { rank: length <= FIRST_LENGTH ? RANK.judged : RANK.extra, text };
  });
  const blocks: readonly Block[] = [{ kind: "prose", itemNoun: "part", items }];
  return [{ kind: "section", title: md`In the author's words: ${body.file}`, open: true, blocks }];
}

function nameAbsent(picture: NamedPicture, pictures: Pictures): Markdown {
  if (picture.path === undefined)
    return md`🖼 ${nameOfPicture(picture)} (not shown, as it is not in the workspace: ${picture.address})`;
  const kept = pictures.get(picture.path);
  const reason = kept !== undefined && "reason" in kept ? kept.reason : "the report could not be kept";
  return md`🖼 ${nameOfPicture(picture)} (not shown: ${reason})`;
}
