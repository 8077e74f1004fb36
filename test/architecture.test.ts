import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { roomsTable } from "./architecture/rooms.ts";
import {
  glossaryNames,
  localhubRooms,
  localhubSurface,
  noCycles,
  noRoomCycles,
  oneWayOut,
  sharedRooms,
  shortFiles,
  tellingNames,
} from "./architecture/rules.ts";
import { readSourceFiles, sourceFile } from "./architecture/source-files.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const files = readSourceFiles(root);

describe("the house", () => {
  test.each([
    ["rooms of the local GitHub import downwards only", localhubRooms],
    ["the local GitHub is used by what it exports", localhubSurface],
    ["rooms of shared and actions keep to their rules", sharedRooms],
    ["@actions/core has one importer", oneWayOut],
    ["files are short", shortFiles],
    ["names explain themselves", tellingNames],
    ["names keep to the glossary", glossaryNames],
    ["there are no import cycles", noCycles],
    ["rooms do not need each other in a circle", noRoomCycles],
  ])("%s", (_, rule) => {
    expect(rule(files)).toEqual([]);
  });

  test("every folder with sources says what it is for", () => {
    const folders = new Set(
      files.map(({ path }) => dirname(path)).filter((folder) => !/^(?:\.|test\/bench)$/.test(folder)),
    );
    const silent = [...folders].filter((folder) => !existsSync(`${root}/${folder}/README.md`));
    expect(silent).toEqual([]);
  });
});

test("docs/house.md shows the rooms as they are", () => {
  expect(readFileSync(`${root}/docs/house.md`, "utf8")).toContain(roomsTable());
});

describe("a rule that is broken says so", () => {
  const long = "export const a = 1;\n".repeat(251);
  test.each([
    ["an upward import", localhubRooms, { "test/localhub/world/a.ts": 'import { b } from "../rest/b.ts";' }],
    [
      "a type-only upward import",
      localhubRooms,
      { "test/localhub/git/a.ts": 'import type { B } from "../page/b.ts";' },
    ],
    [
      "an import out of the local GitHub",
      localhubRooms,
      { "test/localhub/git/a.ts": 'import { c } from "../../../shared/c.ts";' },
    ],
    [
      "the runner beyond its port",
      localhubRooms,
      { "test/localhub/workflows/a.ts": 'export { b } from "../runner/b.ts";' },
    ],
    ["a decision that reads files", sharedRooms, { "shared/core/gate/a.ts": 'import { readFile } from "node:fs";' }],
    ["a decision that knows the time", sharedRooms, { "shared/core/gate/a.ts": "export const now = Date.now();" }],
    ["a decision that renders", sharedRooms, { "shared/core/gate/a.ts": 'import { r } from "../../report/r.ts";' }],
    [
      "a way past the exports",
      localhubSurface,
      { "actions/a/a.test.ts": 'import { w } from "../../test/localhub/world/world.ts";' },
    ],
    [
      "a decision that needs another unasked",
      sharedRooms,
      { "shared/core/data/a.ts": 'import { j } from "../gate/judge.ts";' },
    ],
    ["a record that decides", sharedRooms, { "shared/records/a.ts": 'import { j } from "../core/gate/judge.ts";' }],
    ["a text that knows records", sharedRooms, { "shared/text/json/a.ts": 'import { r } from "../../records/r.ts";' }],
    [
      "an adapter that knows the runner",
      sharedRooms,
      { "shared/adapters/git/a.ts": 'import { l } from "../../action/log.ts";' },
    ],
    [
      "a back arrow of what helps tests",
      sharedRooms,
      { "shared/core/gate/testing.ts": 'import { d } from "../../adapters/files/digest.ts";' },
    ],
    ["a package nobody named", sharedRooms, { "shared/core/gate/a.ts": 'import { Octokit } from "@octokit/rest";' }],
    ["one adapter in another", sharedRooms, { "shared/adapters/git/a.ts": 'import { m } from "../mlflow/m.ts";' }],
    ["one action in another", sharedRooms, { "actions/a/run.ts": 'import { run } from "../b/run.ts";' }],
    [
      "a second way out",
      oneWayOut,
      {
        "shared/action/a.ts": 'import * as core from "@actions/core";',
        "actions/a/run.ts": 'import { info } from "@actions/core";',
      },
    ],
    ["a line past the log", oneWayOut, { "shared/core/a.ts": "process.stdout.write(text);" }],
    ["a long file", shortFiles, { "shared/core/a.ts": long }],
    ["a long entry", shortFiles, { "actions/a/main.ts": "export const a = 1;\n".repeat(16) }],
    ["a grab-bag", tellingNames, { "shared/core/string-utils.ts": "" }],
    ["a retired word", glossaryNames, { "shared/core/a.ts": "export const MOST_ROWS = 1;" }],
    [
      "two rooms in a circle",
      noRoomCycles,
      { "r/a/1.ts": 'import { b } from "../b/1.ts";', "r/b/2.ts": 'import { a } from "../a/3.ts";' },
    ],
    [
      "a dynamic cycle",
      noCycles,
      { "a/b.ts": 'await import("./c.ts");', "a/c.ts": 'import type { B } from "./b.ts";' },
    ],
  ])("%s", (_, rule, tree) => {
    const broken = Object.entries(tree).map(([path, text]) => sourceFile(path, text));
    expect(rule(broken)).not.toEqual([]);
  });

  test("a long file may say why", () => {
    expect(shortFiles([sourceFile("shared/core/a.ts", `// long because: one table\n${long}`)])).toEqual([]);
  });
});
