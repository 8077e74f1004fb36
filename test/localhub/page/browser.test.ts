/** The page in a real browser: diagrams are drawn, nothing is fetched from elsewhere, buttons work. */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LocalGitHub, startLocalGitHub } from "../index.ts";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) =>
  existsSync(path),
);
/** CI installs a browser, so there the test must run: without one it fails below instead of being skipped. */
const absent = CHROMIUM === undefined && process.env["CI"] === undefined;

const QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"];
const CHART = '```mermaid\nxychart-beta\n  x-axis [a, b]\n  y-axis "mae" 0 --> 3\n  bar [1, 2]\n```';

describe.skipIf(absent)("the page in Chromium (skipped where none is installed)", () => {
  let github: LocalGitHub;
  let browser: Browser;

  beforeAll(async () => {
    if (CHROMIUM === undefined) throw new Error("CI is meant to have Chromium: .ci/run installs it");
    github = await startLocalGitHub({ people: { alice: "write" }, files: { "README.md": "# model" } });
    browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET });
  });
  afterAll(async () => {
    await browser?.close();
    await github?.close();
  });

  test("draws diagrams, blocks beacons, and comments by its own form", async () => {
    const alice = github.as("alice");
    await alice.push({ branch: "next", files: { "a.txt": "1\n" } });
    const body = `${CHART}\n\n![beacon](https://example.com/x.png)`;
    const pull = await alice.openPullRequest({ head: "next", title: "Next", body });

    const page = await browser.newPage();
    const outside: string[] = [];
    const errors: string[] = [];
    page.on("response", (response) => {
      if (!response.url().startsWith(github.url)) outside.push(response.url());
    });
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(`${github.url}/octo/model/pull/${pull.number}`);
    await page.waitForSelector("pre.mermaid svg");
    expect(await page.locator("pre.mermaid svg").count()).toBe(1);

    await page.fill("textarea", "Well done");
    await page.click("text=Comment >> nth=-1");
    await page.waitForSelector("text=Well done");
    expect([...github.repository.comments.values()].map((comment) => comment.body)).toEqual(["Well done"]);
    expect((await page.screenshot()).length).toBeGreaterThan(10_000);
    expect({ outside, errors }).toEqual({ outside: [], errors: [] });
  });
});
