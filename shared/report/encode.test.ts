import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeText, MAX_TEXT_LENGTH } from "./encode.ts";
import { inlineName, md } from "./markdown.ts";
import { hostileText, renderAsGitHub } from "./testing.ts";

const decoded = (markdown: string): string =>
  markdown.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
const inHtml = (text: string): string => text.replaceAll("&", "&#x26;").replaceAll("<", "&#x3C;");

/** The places where a report puts text. `✂` stands for it. */
const PLACES = [
  ["a line", "✂"],
  ["within a line", "before ✂ after"],
  ["strong", "**✂**: so"],
  ["a list", "- ✂\n- next"],
  ["a table", "| a | b |\n| --- | --- |\n| ✂ | x |"],
  ["the last cell", "| a | b |\n| --- | --- |\n| x | ✂ |"],
  ["the title of a collapsible section", "<details><summary>✂</summary>\n\ninside\n\n</details>"],
  ["the footer", "<sub>✂</sub>"],
] as const;

describe("untrusted text stays plain text", () => {
  test.each(PLACES)("in %s", (_, place) => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const encoded = md`${text}`.markdown;
        fc.pre(encoded !== "");
        const around = renderAsGitHub(place.replace("✂", "PLACE"));
        expect(renderAsGitHub(place.replace("✂", () => encoded))).toBe(
          around.replace("PLACE", () => inHtml(decoded(encoded))),
        );
      }),
      { numRuns: 200, seed: 3 },
    );
  });

  test("names are code spans or plain text, in a table too", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const encoded = inlineName(text).markdown;
        fc.pre(encoded !== "");
        const rendered = renderAsGitHub(`| a |\n| --- |\n| ${encoded} |`).replace(/^.*<td>|<\/td>.*$/gs, "");
        expect(rendered).toBe(
          encoded.startsWith("`") ? `<code>${encoded.slice(1, -1)}</code>` : inHtml(decoded(encoded)),
        );
      }),
      { numRuns: 600, seed: 4 },
    );
  });

  test.each([
    ["poor-health", "poor-health"],
    [
      "4.42 is worse than 4.1 by 0.32; at most 2% (0.09) is allowed",
      "4.42 is worse than 4.1 by 0.32; at most 2% (0.09) is allowed",
    ],
    ["a\nb\tc", "a b c"],
    ["  a  ", "a"],
    ["vis\u200Bits", "vis\uFFFDits"],
    ["\u202Egnp.exe", "\uFFFDgnp.exe"],
    ["\u001b[31mred", "\uFFFD&#91;31mred"],
    ["\ud83d", "\uFFFD"],
    ["@alice", "&#64;&#8288;alice"],
    ["1. first", "1&#46; first"],
    ["-1", "&#45;1"],
    ["👩‍🔬", "👩‍🔬"],
  ])("%j becomes %j", (text, expected) => {
    expect(encodeText(text)).toBe(expected);
  });
});

test("a long text is cut between characters", () => {
  for (const character of ["a", "😀", "e\u0301", "👩‍🔬", "@"]) {
    const text = decoded(encodeText(character.repeat(MAX_TEXT_LENGTH + 1))).replaceAll("\u2060", "");
    expect(text.length).toBeLessThanOrEqual(MAX_TEXT_LENGTH);
    expect(text.endsWith(`${character}…`)).toBe(true);
    expect(text.slice(0, -1).length % character.length).toBe(0);
  }
});
