/**
 * Every chart is read by the oldest and the newest Mermaid that GitHub may use: in Chromium, as there. The oldest is fetched from
 * the package registry.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Plot } from "../../core/plots/plot.ts";
import { serializeReport } from "../serialize-report.ts";
import { hostileText } from "../testing.ts";
import { plotsInComment } from "./plot-blocks.ts";

const OLDEST = "10.6.0";
const localhub = createRequire(new URL("../../../test/localhub/package.json", import.meta.url));
const CHARTS = 300;

/** Of Playwright, which is the local GitHub's. */
interface Browser {
  newPage(): Promise<Page>;
  close(): Promise<void>;
}
interface Page {
  addScriptTag(script: { readonly path: string }): Promise<unknown>;
  evaluate<Given, Result>(run: (given: Given) => Promise<Result>, given: Given): Promise<Result>;
}

let browser: Browser;
const pages = new Map<string, Page>();
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "mermaid-"));
  execFileSync("npm", ["pack", "--silent", `mermaid@${OLDEST}`], { cwd: folder });
  execFileSync("tar", ["xzf", `mermaid-${OLDEST}.tgz`, "package/dist/mermaid.min.js"], { cwd: folder });
  const { chromium } = localhub("playwright-core") as { readonly chromium: { launch(how: object): Promise<Browser> } };
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
  for (const [version, path] of [
    [OLDEST, join(folder, "package/dist/mermaid.min.js")],
    [localhub("mermaid/package.json").version, join(dirname(localhub.resolve("mermaid")), "mermaid.min.js")],
  ]) {
    const page = await browser.newPage();
    await page.addScriptTag({ path });
    pages.set(version, page);
  }
}, 120_000);
afterAll(() => browser?.close());

const number = fc.oneof(fc.double(), fc.double({ min: -1e4, max: 1e4, noNaN: true }), fc.integer());
const curves = fc
  .record({
    names: fc.array(fc.oneof(hostileText, fc.constant("val_loss")), { minLength: 1, maxLength: 4 }),
    rows: fc.array(fc.array(number, { minLength: 4, maxLength: 4 }), { minLength: 2, maxLength: 60 }),
  })
  .map(({ names, rows }): Plot => {
    const finite = rows.map((row) => row.map((value) => (Number.isFinite(value) ? value : 0)));
    const series = names.map((name, at) => ({ name, ys: finite.map((row) => row[at] ?? 0) }));
    const about = {
      kind: "curves",
      title: names[0] ?? "",
      file: "c.tsv",
      xName: "step",
      skipped: 0,
      leftOut: [],
    } as const;
    return { ...about, xs: finite.map((_, at) => at), series };
  });
const confusions = fc
  .array(fc.oneof(hostileText, fc.constantFrom("cat", "dog 2", "Å", "a-b")), { minLength: 2, maxLength: 16 })
  .chain((labels) =>
    fc
      .array(fc.array(fc.nat(), { minLength: labels.length, maxLength: labels.length }), {
        minLength: labels.length,
        maxLength: labels.length,
      })
      .map((counts): Plot => ({ kind: "confusion", title: "m", file: "m.csv", labels, counts })),
  );

const chartsIn = (plot: Plot): readonly string[] => {
  const text = serializeReport({ blocks: plotsInComment([plot]), fullReport: undefined }, () => true);
  return [...text.matchAll(/^```mermaid\n([\s\S]*?)\n```$/gm)].map(([, chart = ""]) => chart);
};

test("of curves and matrices with any names and numbers", async () => {
  const plots = fc.sample(fc.oneof(curves, confusions), { numRuns: CHARTS, seed: 10 });
  const charts = plots.flatMap(chartsIn);
  expect(charts.length).toBeGreaterThan(CHARTS / 2);
  expect(pages.size).toBe(2);
  for (const [version, page] of pages) {
    const failed = await page.evaluate(async (texts) => {
      const { mermaid } = globalThis as unknown as { mermaid: { parse(text: string): Promise<unknown> } };
      const wrong: string[] = [];
      for (const text of texts) await mermaid.parse(text).catch((error: unknown) => wrong.push(`${error}\n${text}`));
      return wrong;
    }, charts);
    expect([version, failed.slice(0, 2)]).toEqual([version, []]);
  }
});
