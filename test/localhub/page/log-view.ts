/** Renders a step's log: groups fold, colours are shown, errors and warnings are highlighted. */
import { type Html, html } from "./html.ts";

/** The prefix that the runner writes before a line that is not plain output. */
const PREFIX = /^(?:##)?\[(group|endgroup|error|warning|notice|debug|command)\](.*)$/;

export function renderLog(lines: readonly string[]): Html {
  const blocks: Html[] = [];
  let number = 0;
  let group: { readonly title: string; readonly lines: Html[] } | undefined;
  const closeGroup = (): void => {
    if (group) {
      blocks.push(html`<details class="group"><summary>${coloured(group.title)}</summary>${group.lines}</details>`);
    }
    group = undefined;
  };
  for (const line of lines) {
    const [, kind, rest = ""] = PREFIX.exec(line) ?? [];
    if (kind === "group") {
      closeGroup();
      group = { title: rest, lines: [] };
    } else if (kind === "endgroup") {
      closeGroup();
    } else {
      number += 1;
      const row = logRow(number, kind, kind === undefined ? line : rest);
      (group?.lines ?? blocks).push(row);
    }
  }
  closeGroup();
  return html`<div class="log">${blocks}</div>`;
}

function logRow(number: number, kind: string | undefined, text: string): Html {
  const label = kind === "error" || kind === "warning" || kind === "notice";
  const word = label ? html`<b>${kind.charAt(0).toUpperCase() + kind.slice(1)}:</b> ` : "";
  return html`<div class="line ${kind ?? ""}"><span class="number">${number}</span><span class="text">${word}${coloured(text)}</span></div>`;
}

/** Select Graphic Rendition: the only escape sequences that GitHub renders. */
const ESCAPE = String.fromCharCode(27);
const SGR = new RegExp(`${ESCAPE}\\[([0-9;]*)m`, "g");
const OTHER_ESCAPES = new RegExp(`${ESCAPE}(?:\\[[0-9;?]*[A-Za-ln-z]|[^\\[])`, "g");
const COLOURS = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

function coloured(text: string): readonly Html[] {
  const spans: Html[] = [];
  let classes: readonly string[] = [];
  let end = 0;
  const clean = text.replaceAll(OTHER_ESCAPES, "");
  const push = (part: string): void => {
    if (part !== "")
      spans.push(classes.length > 0 ? html`<span class="${classes.join(" ")}">${part}</span>` : html`${part}`);
  };
  for (const match of clean.matchAll(SGR)) {
    push(clean.slice(end, match.index));
    end = match.index + match[0].length;
    classes = restyled(classes, (match[1] ?? "").split(";").map(Number));
  }
  push(clean.slice(end));
  return spans;
}

function restyled(classes: readonly string[], codes: readonly number[]): readonly string[] {
  const now = new Set(classes);
  for (const code of codes) {
    const colour = COLOURS[code - (code >= 90 ? 90 : 30)];
    if (code === 0) now.clear();
    if (code === 1) now.add("bold");
    if (colour === undefined) continue;
    for (const name of COLOURS) now.delete(`ansi-${name}`);
    now.add(`ansi-${colour}`);
  }
  return [...now];
}
