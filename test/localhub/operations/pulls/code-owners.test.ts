import { expect, test } from "vitest";
import { ownersOf, parseOwners } from "./code-owners.ts";

// GitHub docs, "About code owners", example of a CODEOWNERS file.
test.each<[string, string, boolean]>([
  ["*", "any/file.ts", true],
  ["*.js", "deep/in/app.js", true],
  ["*.js", "app.jsx", false],
  ["/build/logs/", "build/logs/today.txt", true],
  ["/build/logs/", "old/build/logs/today.txt", false],
  ["docs/*", "docs/getting-started.md", true],
  ["docs/*", "docs/build-app/troubleshooting.md", false],
  ["apps/", "src/apps/main.ts", true],
  ["/docs/", "docs/a/b.md", true],
  ["/docs/", "src/docs/b.md", false],
  ["**/logs", "deep/in/logs/x.txt", true],
  ["**/logs", "logs/x.txt", true],
  ["/models/**/config.yml", "models/a/b/config.yml", true],
  ["/models/**/config.yml", "models/config.yml", true],
  ["/.github/workflows", ".github/workflows/ci.yml", true],
  ["policy.yml", ".github/policy.yml", true],
  ["file?.txt", "file1.txt", true],
  ["a+b.txt", "aab.txt", false],
])("%s owns %s: %s", (pattern, path, owned) => {
  expect(ownersOf(parseOwners(`${pattern} @owner`), path)).toEqual(owned ? ["@owner"] : []);
});

test("the last rule that matches decides, also one without owners", () => {
  const rules = parseOwners("# all\n* @everybody # the default\n\n/apps/ @apps @more\r\n/apps/github\n");
  expect(ownersOf(rules, "readme")).toEqual(["@everybody"]);
  expect(ownersOf(rules, "apps/a.ts")).toEqual(["@apps", "@more"]);
  expect(ownersOf(rules, "apps/github/b.ts")).toEqual([]);
});
