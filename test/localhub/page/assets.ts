/** The page's style and scripts: our own, and two from packages, so that nothing is fetched from other servers. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const own = (name: string): string => fileURLToPath(new URL(`assets/${name}`, import.meta.url));

const ASSETS: Readonly<Record<string, { readonly type: string; readonly file: () => string }>> = {
  "page.css": { type: "text/css", file: () => own("page.css") },
  "page.js": { type: "text/javascript", file: () => own("page.js") },
  "github-markdown.css": { type: "text/css", file: () => require.resolve("github-markdown-css/github-markdown.css") },
  "mermaid.js": { type: "text/javascript", file: () => join(dirname(require.resolve("mermaid")), "mermaid.min.js") },
};

export interface Asset {
  readonly type: string;
  readonly body: Buffer;
}

export async function readAsset(name: string): Promise<Asset | undefined> {
  const asset = Object.hasOwn(ASSETS, name) ? ASSETS[name] : undefined;
  return asset && { type: asset.type, body: await readFile(asset.file()) };
}
