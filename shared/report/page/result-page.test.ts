import fc from "fast-check";
import { expect, test } from "vitest";
import { parseBody } from "../body/parse-body.ts";
import { createRuling, createVerdict, hostileText } from "../testing.ts";
import type { Addition } from "./addition.ts";
import { renderPage } from "./render-page.ts";
import { renderResultPage } from "./result-page.ts";

const CONTEXT = { repositoryUrl: "https://github.example/acme/visits", advisory: "shared-job" } as const;
const addition = (text: string, parts: Partial<Addition> = {}): Addition => ({
  body: { file: "report.md", nodes: parseBody(text, "report.md") },
  plots: [],
  pictures: new Map(),
  ...parts,
});

test("a page has the result, the words and the pictures, and forbids everything else", () => {
  const pictures = new Map([["a.png", { address: "data:image/png;base64,iVBO" }]]);
  const failing = createVerdict({ outcome: "fail", rulings: [createRuling({ outcome: "fail", candidate: 4 })] });
  const page = renderResultPage(
    { verdict: failing },
    { ...CONTEXT, title: "Visits" },
    addition("# A\n\n![p](a.png)", { pictures }),
    "Visits",
  );
  expect(page).toContain(`default-src &#39;none&#39;; img-src data:; style-src &#39;unsafe-inline&#39;`);
  expect(page).toContain("<h3>❌ Not ready to merge: Visits: the rule is broken (<code>aaaaaaa</code>)</h3>");
  expect(page).toContain("<td><code>mae</code></td>");
  expect(page).toContain('<h5>A</h5>\n<img src="data:image/png;base64,iVBO" alt="p">');
});

/** Every tag that a page may have, with every attribute. */
const TAG =
  /^<(?:!doctype html|\/?(?:a|html|title|style|main|h[356]|p|ul|ol|li|table|thead|tbody|tr|th|td|details|summary|sub|strong|em|del|code|pre|blockquote|br|hr)|html lang="en"|meta [a-z-]+="[^"<>]*"(?: content="[^"<>]*")?|details open|ol start="\d+"|(?:th|td) style="text-align:(?:left|right|center)"|code class="language-[a-z]+"|a href="https:\/\/github\.example\/[\w./-]*"|img src="data:image\/png;base64,iVBO" alt="[^"<>]*")>$/;

test("whatever the words are, a page has no other markup", () => {
  fc.assert(
    fc.property(fc.array(hostileText, { maxLength: 5 }), hostileText, (lines, name) => {
      const text = `${lines.join("\n")}\n\n![${name}](a.png) <figure-0> <script>x</script>\n\n<figure-0>\n`;
      const pictures = new Map([["a.png", { address: "data:image/png;base64,iVBO" }]]);
      const verdict = createVerdict({ rulings: [createRuling({ metric: name, reason: name })], notes: [name] });
      const page = renderResultPage({ verdict }, { ...CONTEXT, title: name }, addition(text, { pictures }), name);
      for (const [tag] of page.replace(/<style>[^<]*<\/style>/, "").matchAll(/<[^>]*>?/g)) expect(tag).toMatch(TAG);
      expect(page.match(/<img /g)?.length ?? 0).toBeLessThanOrEqual(1);
    }),
    { numRuns: 400, seed: 51 },
  );
});

test("markup that is not of our templates would be text, if it ever came that far", () => {
  const page = renderPage({
    title: "t",
    markdown: "a <b onclick=x>b</b>\n\n<script>\nx\n</script>\n\n<figure-7>",
    figures: [],
  });
  expect(page).toContain("a &#60;b onclick=x&#62;b&#60;/b&#62;");
  expect(page).toContain("&#60;script&#62;");
});
