/** What pages point at exists: commands, files, and what the editor is to start. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { root, runScript } from "./run-script.ts";

const read = (path: string): string => readFileSync(join(root, path), "utf8");
const { scripts } = JSON.parse(read("package.json"));
const pages = globSync(["*.md", "{actions,docs,shared,scripts,test,workflows-templates,.github}/**/*.md"], {
  cwd: root,
  exclude: (path) => /(?:^|\/)(?:node_modules|dist|demo-report)(?:\/|$)/.test(path),
})
  .map((path) => path.replaceAll("\\", "/"))
  // Expected comments: their links are those of a made-up repository.
  .filter((path) => !/^test\/cases\/report\//.test(path));

/** Code is an example of what a reader may write, not a link to follow. */
const withoutCode = (text: string): string => text.replaceAll(/^```[\s\S]*?^```$/gm, "").replaceAll(/`[^`\n]*`/g, "");

test.for(pages)("the links of %s lead somewhere", (page) => {
  const links = [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
  const files = links.filter((link) => !/^(?:[a-z]+:|#)/.test(link)).map((link) => link.replace(/#.*$/, ""));
  expect(files.filter((file) => !existsSync(join(root, dirname(page), file)))).toEqual([]);
});

test.for(pages)("the commands of %s exist", (page) => {
  const text = read(page);
  const commands = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = ""]) => name);
  expect(commands.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  const files = [
    ...text.matchAll(/(?:node|npm run node24 --|npm test --) ((?:scripts|test|shared|actions)\/[\w./-]+)/g),
  ];
  // That page shows how to make the action that its commands are for.
  const known = page === "docs/how-to/write-an-action.md" ? [] : files;
  expect(known.map(([, path = ""]) => path).filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test.each([
  ["docs/reference/threat-model.md", 45],
  ["docs/reference/promotion-attempts.md", 30],
] as const)("each row of %s has its proof: a test of that name", (page, atLeast) => {
  const rows = [...read(page).matchAll(/^\| (\d+) \|.*\[([^\]]+)\]\(([^)]+)\) \|$/gm)];
  expect(rows.map(([, number]) => Number(number))).toEqual(rows.map((_, index) => index + 1));
  expect(rows.length).toBeGreaterThanOrEqual(atLeast);
  const missing = rows.filter(([, , title = "", file = ""]) => {
    const tests = read(join(dirname(page), file));
    // A title is the first argument of a test or a group of tests, on its line or on the next.
    return !new RegExp(
      `(?:\\b(?:it|test|describe)|\\))(?:\\.\\w+)?\\(\\s*"${title.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}"`,
    ).test(tests);
  });
  expect(missing.map(([row]) => row)).toEqual([]);
});

test("CONTRIBUTING explains every command", () => {
  const text = read("CONTRIBUTING.md");
  const missing = Object.keys(scripts).filter(
    (name) => !text.includes(name === "test" ? "npm test" : `npm run ${name}`),
  );
  expect(missing).toEqual([]);
});

test("the tree of docs/house.md and the folders of test/README.md exist", () => {
  const [, tree = ""] = /^```\n(actions\/[\s\S]*?)^```$/m.exec(read("docs/house.md")) ?? [];
  const top = [...tree.matchAll(/^([\w-]+\/)/gm)].map(([, folder = ""]) => folder);
  const inShared = [...tree.matchAll(/^ {2}([a-z]+\/) /gm)].map(([, folder = ""]) => `shared/${folder}`);
  const inTest = [...read("test/README.md").matchAll(/`([\w-]+\/|[\w-]+\.ts)`/g)].map(
    ([, name = ""]) => `test/${name}`,
  );
  expect(top.length).toBeGreaterThan(4);
  expect(inShared.length).toBeGreaterThan(6);
  expect(inTest.length).toBeGreaterThan(6);
  expect([...top, ...inShared, ...inTest].filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

describe(".vscode/launch.json", () => {
  const { configurations } = JSON.parse(read(".vscode/launch.json"));
  const fill = (word: string): string =>
    word
      .replace("${workspaceFolder}", root.replace(/\/$/, ""))
      .replace("${file}", join(root, "shared/text/decimal/decimal.test.ts"))
      .replace("${input:action}", "check-data");

  test("debugs a test", async () => {
    const { program, args } = configurations.find(({ name }: { name: string }) => name.startsWith("Test"));
    const { code, stdout } = await runScript(fill(program), args.map(fill));
    expect(stdout).toContain("decimal.test.ts");
    expect(code).toBe(0);
  }, 120_000);

  test("debugs an action, with variables from a file", async () => {
    const { program, args, envFile } = configurations.find(({ name }: { name: string }) => name.startsWith("Action"));
    const lines = readFileSync(fill(envFile), "utf8").matchAll(/^([A-Z_]+)=(.*)$/gm);
    // Nothing listens there: it gets as far as its first request.
    const env = Object.fromEntries([...lines].map(([, name = "", value = ""]) => [name, value]));
    const { stdout } = await runScript(fill(program), args.map(fill), { env: { ...env, INIT_CWD: root } });
    expect(stdout).toContain("[github-unreachable]");
  }, 120_000);
});
