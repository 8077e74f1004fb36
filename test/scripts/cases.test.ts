/** Keeps test/cases honest: no folder and no file without cases, a test that reads each, and a page that explains each. */
import { globSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { root, runScript } from "./run-script.ts";

const folder = join(root, "test/cases");
const readme = readFileSync(join(folder, "README.md"), "utf8");
const domains = readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

const sources = globSync("{actions,shared,test}/**/*.ts", {
  cwd: root,
  exclude: (path) => path.endsWith("node_modules"),
}).map((path) => readFileSync(join(root, path), "utf8"));

describe.for(domains)("%s", (domain) => {
  const files = readdirSync(join(folder, domain));
  // What its own section or, for all folders, the text before explains.
  const [introduction = ""] = readme.split(/^## /m);
  const [, section = ""] = new RegExp(`^## ${domain}\n([\\s\\S]*?)(?=^## |(?![\\s\\S]))`, "m").exec(readme) ?? [];

  test("has cases in every file", () => {
    expect(files).not.toEqual([]);
    const sizes = files.map((file) => [file, countCases(readFileSync(join(folder, domain, file), "utf8"), file)]);
    expect(sizes.filter(([, count]) => count === 0)).toEqual([]);
  });

  test("has no file that nothing reads", () => {
    const readers = sources.filter((text) => new RegExp(`\\bcases/${domain}\\b`).test(text));
    const isRead = (file: string) => readers.some((text) => text.includes("readdirSync(") || text.includes(file));
    expect(files.filter((file) => !isRead(file))).toEqual([]);
  });

  test("has a section in the README that names its test, its files and their keys", async () => {
    const { stdout } = await runScript("scripts/test.mjs", [join("test/cases", domain), "--list"]);
    const tests = stdout.trim().split("\n");
    expect(tests).not.toEqual([]);
    for (const path of tests) expect(section).toContain(path);
    for (const file of files.filter((name) => name.endsWith(".yml"))) expect(section).toContain(`\`${file}\``);
    const keys = files.flatMap((file) => listKeys(file, readFileSync(join(folder, domain, file), "utf8")));
    expect([...new Set(keys)].filter((key) => !`${introduction}${section}`.includes(`\`${key}`))).toEqual([]);
  });
});

/** In a list its items, in a mapping its keys; a page is one case. */
function countCases(text: string, file: string): number {
  if (!/\.(?:yml|json)$/.test(file)) return text.trim() === "" ? 0 : 1;
  const content: unknown = parse(text);
  return content instanceof Object ? Object.keys(content).length : 0;
}

/** The keys of the cases of a list. */
function listKeys(file: string, text: string): readonly string[] {
  const content: unknown = file.endsWith(".yml") ? parse(text) : undefined;
  if (!Array.isArray(content)) return [];
  return content.flatMap((item: Record<string, unknown>) => {
    if (Array.isArray(item)) return [];
    const inner = Array.isArray(item["cases"]) ? item["cases"] : [];
    return [item, ...inner].flatMap((each) => Object.keys(each));
  });
}
