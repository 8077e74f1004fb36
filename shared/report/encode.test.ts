import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeText, MAX_TEXT_LENGTH } from "./encode.ts";
import { inlineName, type Markdown, md } from "./markdown.ts";
import { serializeReport } from "./serialize-report.ts";
import { hostileText, renderAsGitHub } from "./testing.ts";

const decoded = (markdown: string): string =>
  markdown.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
const inHtml = (text: string): string => text.replaceAll("&", "&#x26;").replaceAll("<", "&#x3C;");
/** What is shown of encoded text: itself, and words as code. */
const shown = (encoded: string): string =>
  encoded
    .split(/`([^`]*)`/)
    .map((part, at) => (at % 2 === 1 ? `<code>${inHtml(part)}</code>` : inHtml(decoded(part))))
    .join("");

/** The places where a report puts text. `✂` stands for it. */
const PLACES = [
  ["a line", "✂"],
  ["within a line", "before ✂ after"],
  ["strong", "**✂**: so"],
  ["a list", "- ✂\n- next"],
  ["a table", "| a | b |\n| --- | --- |\n| ✂ | x |"],
  ["the last cell", "| a | b |\n| --- | --- |\n| x | ✂ |"],
  ["the footer", "<sub>✂</sub>"],
] as const;

describe("untrusted text stays plain text", () => {
  test.each(PLACES)("in %s", (_, place) => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const encoded = md`${text}`.markdown;
        fc.pre(encoded !== "");
        const around = renderAsGitHub(place.replace("✂", "PLACE"));
        expect(renderAsGitHub(place.replace("✂", () => encoded))).toBe(around.replace("PLACE", () => shown(encoded)));
      }),
      { numRuns: 200, seed: 3 },
    );
  });

  test("in the title of a collapsible section", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const titled = (title: Markdown) =>
          serializeReport(
            {
              blocks: [{ kind: "section", title, open: true, blocks: [{ kind: "lines", lines: [md`inside`] }] }],
              fullReport: undefined,
            },
            () => true,
          );
        const encoded = md`${text}`;
        fc.pre(encoded.markdown !== "");
        expect(renderAsGitHub(titled(encoded))).toBe(
          renderAsGitHub(titled(md`PLACE`)).replace("PLACE", () => shown(encoded.markdown)),
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
        expect(rendered).toBe(shown(encoded));
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
    ["@alice", "`@alice`"],
    ["by @octo/team, see #7", "by `@octo/team,` see `#7`"],
    ["0.7795968737145208 is fine", "`0.7795968737145208` is fine"],
    ["at abcdef1", "at `abcdef1`"],
    ["see www.evil.example", "see `www.evil.example`"],
    ["@a`b|c", "`@a`&#96;`b`&#124;`c`"],
    ["1. first", "1&#46; first"],
    ["-1", "&#45;1"],
    ["👩‍🔬", "👩‍🔬"],
  ])("%j becomes %j", (text, expected) => {
    expect(encodeText(text)).toBe(expected);
  });
});

test("a long text is cut between characters", () => {
  for (const character of ["a", "😀", "e\u0301", "👩‍🔬", "@"]) {
    const encoded = encodeText(character.repeat(MAX_TEXT_LENGTH + 1));
    const text = decoded(encoded.replaceAll("`", ""));
    expect(text.length).toBeLessThanOrEqual(MAX_TEXT_LENGTH);
    expect(text.endsWith(`${character}…`)).toBe(true);
    expect(text.slice(0, -1).length % character.length).toBe(0);
  }
});

test("nothing invisible is added", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      expect(decoded(encodeText(text))).not.toMatch(/[\u2060\u200B\uFEFF\u00AD]/);
    }),
    { numRuns: 300, seed: 5 },
  );
});
