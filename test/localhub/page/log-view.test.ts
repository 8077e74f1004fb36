import { expect, test } from "vitest";
import { renderLog } from "./log-view.ts";

const lines = (...text: readonly string[]): string => renderLog(text).html;

test("groups fold, also one that is never closed", () => {
  expect(lines("##[group]Numbers", "1", "##[endgroup]", "after", "##[group]Open", "2")).toBe(
    '<div class="log"><details class="group"><summary>Numbers</summary><div class="line "><span class="number">1</span>' +
      '<span class="text">1</span></div></details><div class="line "><span class="number">2</span><span class="text">after' +
      '</span></div><details class="group"><summary>Open</summary><div class="line "><span class="number">3</span>' +
      '<span class="text">2</span></div></details></div>',
  );
});

test("errors are labelled as errors", () => {
  expect(lines("##[error]No file")).toContain('<div class="line error">');
  expect(lines("##[error]No file")).toContain("<b>Error:</b> No file");
});

test("colours become classes, other escape sequences are removed", () => {
  expect(lines("\u001B[1;31mred\u001B[0m plain\u001B[2K")).toContain(
    '<span class="text"><span class="bold ansi-red">red</span> plain</span>',
  );
});

test("a log is escaped as text", () => {
  expect(lines("<b>&amp;</b>", "##[group]<script>", "##[endgroup]")).not.toMatch(/<script|<b>&amp;<\/b>/);
});
