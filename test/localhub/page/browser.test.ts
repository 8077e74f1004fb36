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

  test("fits a narrow window, every view of it", async () => {
    const long = "a-name-without-any-place-to-break-".repeat(6);
    const workflow = `on: workflow_dispatch\nname: ${long}\njobs: { say: { environment: production, runs-on: ubuntu-latest, steps: [run: echo ${long}${long}] } }\n`;
    await using other = await startLocalGitHub({
      people: { alice: "write" },
      environments: { production: { reviewers: ["alice"] } },
      files: { ".github/workflows/say.yml": workflow, "README.md": "# model" },
    });
    const alice = other.as("alice");
    await alice.push({ branch: long.slice(0, 100), files: { [`${long.slice(0, 60)}/${long.slice(0, 200)}`]: "1\n" } });
    const wide = `| ${"column | ".repeat(20)}\n|${" --- |".repeat(20)}\n| ${"0.123456 | ".repeat(20)}\n\n\`${long}\`\n\n${CHART}`;
    const pull = await alice.openPullRequest({ head: long.slice(0, 100), title: long.slice(0, 200), body: wide });
    const run = await alice.run("say.yml");
    const waiting = `/octo/model/actions/runs/${run.id}`;
    const views = ["/", "/octo/model", "/octo/model/pulls", "/octo/model/actions", "/octo/model/deployments"];
    const page = await browser.newPage({ viewport: { width: 400, height: 800 } });
    const overflow = async (path: string): Promise<[string, number]> => {
      await page.goto(other.url + path);
      if (path.includes("/pull/")) await page.waitForSelector("pre.mermaid svg");
      await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
      return [path, await page.evaluate("document.scrollingElement.scrollWidth - innerWidth")];
    };
    const found: [string, number][] = [];
    for (const path of [...views, `/octo/model/pull/${pull.number}`, waiting]) found.push(await overflow(path));
    await alice.approve(run, "production");
    const job = run.attempts.at(-1)?.jobs[0]?.id;
    for (const path of [waiting, `${waiting}/job/${job}`]) found.push(await overflow(path));
    expect(found.filter(([, pixels]) => pixels > 0)).toEqual([]);
  });
});
