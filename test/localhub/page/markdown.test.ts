import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type MarkdownContext, renderMarkdown } from "./markdown.ts";

const context: MarkdownContext = {
  kind: "comment",
  references: {
    account: (login) => (login.toLowerCase() === "alice" ? "/alice" : undefined),
    issue: (number) => (number === 7 ? "/acme/model/pull/7" : undefined),
    commit: (sha) => (sha.startsWith("abcdef1") ? `/acme/model/commit/${sha}` : undefined),
  },
};
const render = (source: string, kind: MarkdownContext["kind"] = "comment"): string =>
  renderMarkdown(source, { ...context, kind }).html;

describe("Markdown as GitHub shows it", () => {
  test.each([
    ["a mention of an existing user", "@alice", '<p><a href="/alice" class="user-mention">@alice</a></p>'],
    ["a mention of an unknown user", "@nobody", "<p>@nobody</p>"],
    ["an e-mail address is not a mention", "x@alice", "<p>x@alice</p>"],
    ["no mention in code", "`@alice`", "<p><code>@alice</code></p>"],
    ["an escaped mention", "&#64;alice", '<p><a href="/alice" class="user-mention">@alice</a></p>'],
    ["a reference", "#7", '<p><a href="/acme/model/pull/7" class="issue-link">#7</a></p>'],
    ["a reference to an unknown number", "#8", "<p>#8</p>"],
    ["a commit", "abcdef123", '<p><a href="/acme/model/commit/abcdef123" class="commit-link">abcdef1</a></p>'],
    ["a line end in a comment", "a\nb", "<p>a<br>b</p>"],
    ["a comment in HTML", "a <!-- hidden -->", "<p>a </p>"],
    ["strikethrough", "~~a~~", "<p><del>a</del></p>"],
    ["a mermaid block", "```mermaid\npie\n```", '<pre class="mermaid">pie\n</pre>'],
  ])("%s", (_, source, expected) => {
    expect(render(source)).toBe(expected);
  });

  test("a line end in a summary is a space", () => {
    expect(render("a\nb", "summary")).toBe("<p>a\nb</p>");
  });

  test("an alert gets its title", () => {
    expect(render("> [!WARNING]\n> careful")).toContain(
      '<div class="markdown-alert markdown-alert-warning"><p class="markdown-alert-title">Warning</p>',
    );
  });

  test.each([
    ["<script>alert(1)</script>", "script"],
    ["<img src=x onerror=alert(1)>", "onerror"],
    ["<a href='javascript:alert(1)'>x</a>", "javascript:"],
    ["[x](javascript:alert(1))", "javascript:"],
    ["![x](data:text/html,hi)", "data:"],
    ["<iframe src='https://example.com'></iframe>", "iframe"],
    ["<style>body{display:none}</style>", "<style"],
    ["<form action='/-/act/x'><button>go</button></form>", "<form"],
    ["<p style='position:fixed'>x</p>", "style="],
    ["<div class='user-mention'>x</div>", "user-mention"],
    ["<b id='main'>x</b>", 'id="main"'],
  ])("removes what GitHub removes: %s", (source, removed) => {
    expect(render(source)).not.toContain(removed);
  });

  test("no text becomes a script or an event handler", () => {
    const hostile = fc
      .array(
        fc.constantFrom(
          "<",
          ">",
          "script",
          " onload=",
          '"',
          "'",
          "&lt;",
          "`",
          "](",
          "javascript:",
          "a",
          "\n",
          "svg",
          "=",
        ),
      )
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(hostile, (source) => {
        expect(render(source)).not.toMatch(/<script|<[^>]+\son\w+\s*=|href="javascript:/i);
      }),
      { numRuns: 300, seed: 7 },
    );
  });
});
