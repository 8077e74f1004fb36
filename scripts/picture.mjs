// npm run picture
//
// Makes docs/comment.png, the comment that the README shows, from the report of `npm run demo`: run that before. Needs Chromium or
// Chrome on PATH, or its path in CHROMIUM; nothing else of this repository needs a browser.
import { execFileSync } from "node:child_process";
import { accessSync, constants, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { runCommand } from "./command.mjs";
import { createTemporaryFolder } from "./processes.mjs";
import { root } from "./toolchain.mjs";
import { UserError } from "./user-error.mjs";

const REPORT = join(root, "demo-report/index.html");
const PICTURE = join(root, "docs/comment.png");
/** In CSS pixels, as wide as a comment on github.com; the picture has two for each, for sharp screens. */
const WIDTH = 852;
const BROWSERS = ["chromium", "google-chrome", "chromium-browser", "chrome"];

await runCommand(() => {
  const folder = createTemporaryFolder();
  const page = join(folder, "comment.html");
  writeFileSync(page, renderPage(readReport()));
  // The page writes its height into its title.
  const dom = browse(folder, page, [`--window-size=${WIDTH},600`, "--dump-dom"]);
  const [, height = "1000"] = /<title>(\d+)</.exec(dom) ?? [];
  browse(folder, page, [
    `--window-size=${WIDTH},${height}`,
    "--force-device-scale-factor=2",
    `--screenshot=${PICTURE}`,
  ]);
  console.log(`docs/comment.png shows the demo's comment, ${WIDTH} by ${height} pixels`);
});

function readReport() {
  try {
    return readFileSync(REPORT, "utf8");
  } catch {
    throw new UserError("there is no report of the demo: run npm run demo");
  }
}

/** The comment that the README tells of: better on average, and worse for one slice. */
function renderPage(report) {
  const comments = report.match(/<article class="comment">[\s\S]*?<\/article>/g) ?? [];
  const comment = comments.find((text) => text.includes("Not ready to merge") && text.includes("poor-health"));
  if (comment === undefined) throw new UserError("the demo's report has no comment about a slice that got worse");
  const styles = report.match(/<style>[\s\S]*?<\/style>/g) ?? [];
  return `<!doctype html><meta charset="utf-8"><title></title>${styles.join("")}
<style>body { margin: 0 } .comment { margin: 0 }</style><body>${comment}
<script>document.title = Math.ceil(document.querySelector("article").getBoundingClientRect().height)</script>`;
}

/** @returns what it prints */
function browse(folder, page, options) {
  const browser = process.env.CHROMIUM || findBrowser();
  const always = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    `--user-data-dir=${folder}/profile`,
  ];
  return execFileSync(browser, [...always, ...options, pathToFileURL(page).href], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
}

function findBrowser() {
  for (const folder of (process.env.PATH ?? "").split(delimiter))
    for (const name of BROWSERS) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // The next one.
      }
    }
  throw new UserError("there is no Chromium: install it, or set CHROMIUM to the path of one");
}
