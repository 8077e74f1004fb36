import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseSections } from "../../core/comment/section.ts";
import { composeComment } from "../comment.ts";
import { md } from "../markdown.ts";
import { hostileText, renderAsGitHub } from "../testing.ts";
import { parseBody } from "./parse-body.ts";
import { nameOfPicture } from "./picture.ts";
import { writeBody } from "./write-body.ts";

const FILE = "reports/report.md";
const write = (text: string): string =>
  writeBody(parseBody(text, FILE), { file: FILE, showPicture: (picture) => md`🖼 ${nameOfPicture(picture)}` })
    .map(({ markdown }) => markdown)
    .join("\n\n");

test.each([
  [
    "headings, smaller than ours",
    "# A\n\n## ✅ Ready to merge: all rules pass",
    "##### A\n\n###### Ready to merge&#58; all rules pass",
  ],
  ["emphasis", "a *b* **c** ~~d~~ ***e***", "a <em>b</em> <strong>c</strong> <del>d</del> <em><strong>e</strong></em>"],
  ["lines of one paragraph", "a\nb  \nc", "a b<br>c"],
  ["code", "`x` and ``a`b``", "<code>x</code> and <code>a&#96;b</code>"],
  ["lists", "- a\n  - b\n- c\n\n3. d\n4. e", "- a\n  - b\n- c\n\n3. d\n4. e"],
  ["tasks, which nobody can tick", "- [ ] a\n- [x] b", "- ☐ a\n- ☑ b"],
  ["tables", "| a | b |\n|---|--:|\n| 1 | `x\\|y` |", "| a | b |\n| --- | --: |\n| 1 | <code>x&#124;y</code> |"],
  ["fences with a language that is coloured", "```python\nprint(1)\n```", "```python\nprint(1)\n```"],
  ["fences that GitHub would draw, as text", "```mermaid\npie\n```", "```\npie\n```"],
  ["quotes", "> a\n> - b", "> a\n>\n> - b"],
  [
    "links, as text with their address",
    "[here](https://x.example/a) <https://y.example>",
    "here `(https://x.example/a)` `https://y.example`",
  ],
  ["local pictures", "![loss](../plots/loss%20a.png)", "🖼 loss"],
  ["HTML, as text", "a <b>b</b><br>c\n\n<details>\nx", "a &#60;b&#62;b&#60;/b&#62;<br>c\n\n```html\n<details>\nx\n```"],
  ["HTML comments not at all", "<!-- a -->\n\nb <!-- c --> d", "b d"],
])("it keeps %s", (_, text, expected) => {
  expect(write(text)).toBe(expected);
});

/** What is markup in a text that has all that is kept. */
const ELEMENTS = new Set(
  "h5 h6 p em strong del code pre ul ol li table thead tbody tr th td blockquote br hr".split(" "),
);
const ATTRIBUTES = /^(?:align="(?:left|right|center)"|start="\d+"|class="language-[a-z]+")$/;

function expectHarmless(text: string): void {
  const html = renderAsGitHub(`BEFORE\n\n${write(text)}\n\n**AFTER**`);
  expect(html).toMatch(/^<p>BEFORE<\/p>/);
  expect(html).toMatch(/<p><strong>AFTER<\/strong><\/p>$/);
  for (const [tag, name = "", attributes = ""] of html.matchAll(/<\/?([a-z][a-z0-9]*)\b([^>]*)>/g)) {
    expect(ELEMENTS.has(name), `${tag} of ${JSON.stringify(text)}`).toBe(true);
    for (const attribute of attributes.trim().match(/[a-z]+="[^"]*"/g) ?? []) expect(attribute).toMatch(ATTRIBUTES);
  }
}

/** Markup around and between hostile fragments, so that they stand at every place. */
const hostileBody = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        "",
        "# ",
        "> ",
        "- ",
        "  - ",
        "1. ",
        "- [ ] ",
        "| ",
        "    ",
        "\n",
        "```\n",
        "*",
        "**",
        "`",
        "<b>",
        "[",
        "![",
        "[^1]: ",
      ),
      hostileText,
      fc.constantFrom(
        "",
        " | ",
        "\n| --- | --- |\n| ",
        "*",
        "**",
        "`",
        "```",
        "](https://evil.example)",
        "](x.png)",
        "</b>",
      ),
    ),
    { maxLength: 6 },
  )
  .map((lines) => lines.map((parts) => parts.join("")).join("\n"));

describe("whatever is written", () => {
  test("only the markup that is kept is there, and what follows stays what it is", () => {
    fc.assert(fc.property(hostileBody, expectHarmless), { numRuns: 1_500, seed: 21 });
  });

  test("no hidden line of ours can be among it", () => {
    const lines = fc.constantFrom(
      "<!-- mlops-actions/end -->",
      "<!-- mlops-actions/comment workflow=ci.yml -->",
      `<!-- mlops-actions/section key=x state=ready run=9 attempt=1 head=${"a".repeat(40)} summary=x -->`,
    );
    const body = fc.tuple(
      fc.constantFrom("", "```\n", "- ", "> ", "    ", "~~~~\n"),
      lines,
      fc.constantFrom("", "\n```"),
    );
    fc.assert(
      fc.property(fc.array(body, { minLength: 1, maxLength: 4 }), (parts) => {
        const text = write(parts.map((part) => part.join("")).join("\n\n"));
        const section = { key: "k", revision: { run: 1, attempt: 1, head: "b".repeat(40) }, summary: "s", text };
        const comment = composeComment([{ ...section, state: "blocked" }], "w.yml");
        expect(parseSections(comment)).toEqual([{ ...section, state: "blocked", text: text.trim() }]);
      }),
      { numRuns: 300, seed: 22 },
    );
  });

  test.each([">", "- ", "1. ", "> - "])("deeper %j than anybody reads is refused with its line", (nested) => {
    expect(() => parseBody(`a\n\n${nested.repeat(3_000)}x`, FILE)).toThrow(
      /^reports\/report\.md:3: .*\[body-too-deep\]$/,
    );
  });
});
