/** Paths by the rules of Windows, on any system. With real files this is tested on Linux only. */
import { posix, win32 } from "node:path";
import { expect, test } from "vitest";
import { isInside, namesOutside, withSlashes } from "./resolve-workspace-path.ts";

const ROOT = String.raw`C:\a\model\model`;

test.each<[string, boolean]>([
  [String.raw`C:\a\model\model`, true],
  [String.raw`C:\a\model\model\out\metrics.json`, true],
  [String.raw`c:\A\Model\MODEL\metrics.json`, true],
  [String.raw`C:\a\model\model\..names\metrics.json`, true],
  [String.raw`C:\a\model\other\metrics.json`, false],
  [String.raw`C:\a\model\model-2\metrics.json`, false],
  [String.raw`C:\a\model`, false],
  [String.raw`D:\a\model\model\metrics.json`, false],
  [String.raw`\\server\share\metrics.json`, false],
])("on Windows, %s is in the workspace: %s", (absolute, expected) => {
  expect(isInside(absolute, ROOT, win32)).toBe(expected);
});

test.each<[string, boolean, boolean]>([
  ["out/metrics.json", false, false],
  [String.raw`out\metrics.json`, false, false],
  ["/etc/passwd", true, true],
  [String.raw`\Windows\win.ini`, true, false],
  [String.raw`C:\metrics.json`, true, false],
  // Of the drive's current folder, and a stream of a file: on Linux those are plain names.
  ["C:metrics.json", true, false],
  ["metrics.json:hidden", true, false],
  [String.raw`\\?\C:\metrics.json`, true, false],
  ["metrics\0.json", true, true],
])("%j can only be outside of a workspace: on Windows %s, on Linux %s", (path, onWindows, onLinux) => {
  expect([namesOutside(path, win32), namesOutside(path, posix)]).toEqual([onWindows, onLinux]);
});

test("a backslash separates on Windows, and is a letter on Linux", () => {
  const path = String.raw`out\metrics.json`;
  expect([withSlashes(path, win32), withSlashes(path, posix)]).toEqual(["out/metrics.json", path]);
});
