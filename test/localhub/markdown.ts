/** Text as GitHub shows it, and the pieces of the page: for reports and tests outside this package. */
export { readAsset } from "./page/assets.ts";
export { type Html, html, rawHtml } from "./page/html.ts";
export { type MarkdownContext, renderMarkdown } from "./page/markdown.ts";
export type { ReferenceUrls } from "./page/references.ts";
export { statusIcon } from "./page/status-icon.ts";
