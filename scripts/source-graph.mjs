// Which files there are, and which sources need which of them: read from their texts, without any dependency.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";

const FOLDERS = ["actions", "shared", "test", "scripts"];
const SKIPPED = /^(?:node_modules|dist|coverage)$/;

export const isTest = (path) => path.endsWith(".test.ts");
export const isSource = (path) => /\.(?:ts|mjs)$/.test(path);

/** All files below the folders with sources, as paths with `/` from the root; cases and pages too. */
export function listFiles(root) {
  const visit = (folder) =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = posix.join(folder, entry.name);
      if (entry.isDirectory()) return SKIPPED.test(entry.name) ? [] : visit(path);
      return [path];
    });
  return FOLDERS.filter((folder) => existsSync(join(root, folder))).flatMap(visit);
}

/**
 * For a path of a file or folder, the sources that need it: by an import or by naming it in a string, from the root or
 * from where they are (`new URL("cli.ts", …)`, `${root}/docs/house.md`, `../../cases/gate/${name}`).
 */
export function readSourceGraph(root, files) {
  const exported = readExports(root, files);
  const users = new Map();
  for (const path of files.filter(isSource)) {
    const named = new Set();
    for (const [, text] of readFileSync(join(root, path), "utf8").matchAll(
      /(?:["'`]|\}\/)([\w@./-]+)(?:["'`]|\$\{)/g,
    )) {
      named.add(exported.get(text));
      named.add(posix.join(posix.dirname(path), text, "."));
      // A bare word such as "test" or "README.md" means anything but a path from the root.
      if (/[/-]/.test(text)) named.add(posix.join(text, "."));
    }
    for (const target of named) users.set(target, [...(users.get(target) ?? []), path]);
  }
  return users;
}

/** What the packages of this repository export, by the name that others import. */
function readExports(root, files) {
  const exported = new Map();
  for (const path of files.filter((file) => file.endsWith("/package.json"))) {
    const { name, exports = {} } = JSON.parse(readFileSync(join(root, path), "utf8"));
    for (const [key, target] of Object.entries(exports)) {
      exported.set(posix.join(name, key), posix.join(posix.dirname(path), target));
    }
  }
  return exported;
}

/** Every test that needs one of the paths, or is one of them: path to the number of steps between them. */
export function findTestsUsing(users, paths) {
  const distances = new Map(paths.map((path) => [path, 0]));
  for (const path of distances.keys()) {
    // Nothing is built on a test; who names one means its path.
    for (const user of isTest(path) ? [] : (users.get(path) ?? [])) {
      if (!distances.has(user)) distances.set(user, distances.get(path) + 1);
    }
  }
  return new Map([...distances].filter(([path]) => isTest(path)));
}
