/** `@login`, `#7` and commit SHAs in text become links when their target exists, as on GitHub. */
import type { Element, ElementContent, Root, RootContent } from "hast";

export interface ReferenceUrls {
  /** The URL of an account's page; `undefined` when there is no such account. */
  readonly account: (login: string) => string | undefined;
  /** The URL of an issue or pull request. */
  readonly issue: (number: number) => string | undefined;
  readonly commit: (sha: string) => string | undefined;
}

/** No references inside these: code stays unchanged, and links already have a target. */
const EXCLUDED_TAGS = new Set(["a", "code", "pre", "kbd", "samp"]);

const REFERENCE =
  /(?<![\w`/@.-])@(?<login>[a-z\d](?:[a-z\d-]{0,37}[a-z\d])?(?:\[bot\])?)(?![\w-])|(?<![\w&/])#(?<issue>\d+)\b|(?<![\w-])(?<sha>[0-9a-f]{7,40})(?![\w-])/gi;

export function linkReferences(node: Root | Element, references: ReferenceUrls): void {
  const children = node.children as RootContent[];
  node.children = children.flatMap((child): ElementContent[] => {
    if (child.type === "text") return [...linked(child.value, references)];
    if (child.type === "element" && !EXCLUDED_TAGS.has(child.tagName)) linkReferences(child, references);
    return [child as ElementContent];
  });
}

function* linked(text: string, references: ReferenceUrls): Generator<ElementContent> {
  let end = 0;
  for (const match of text.matchAll(REFERENCE)) {
    const link = target(match.groups ?? {}, references);
    if (link === undefined) continue;
    if (match.index > end) yield { type: "text", value: text.slice(end, match.index) };
    end = match.index + match[0].length;
    yield {
      type: "element",
      tagName: "a",
      properties: { href: link.url, className: [link.kind] },
      children: [{ type: "text", value: link.kind === "commit-link" ? match[0].slice(0, 7) : match[0] }],
    };
  }
  if (end < text.length) yield { type: "text", value: text.slice(end) };
}

function target(groups: Readonly<Record<string, string | undefined>>, references: ReferenceUrls) {
  const { login, issue, sha } = groups;
  const found =
    login !== undefined
      ? { kind: "user-mention", url: references.account(login) }
      : issue !== undefined
        ? { kind: "issue-link", url: references.issue(Number(issue)) }
        : { kind: "commit-link", url: references.commit(sha?.toLowerCase() ?? "") };
  return found.url === undefined ? undefined : { kind: found.kind, url: found.url };
}
