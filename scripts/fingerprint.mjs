// Which source files there are, which of them a bundle is made of, and their fingerprint.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

/** The modules an entry reaches by relative imports, itself included; what packages hold, the lockfile fixes. */
export function collectModules(entry) {
  const found = new Set();
  const visit = (path) => {
    if (found.has(path)) return;
    found.add(path);
    for (const [, specifier] of readFileSync(path, "utf8").matchAll(/(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g)) {
      visit(resolve(dirname(path), specifier));
    }
  };
  visit(resolve(entry));
  return [...found].sort();
}

/** All files below a folder, sorted, dependencies and build outputs left out. */
export function listSourceFiles(folder, wanted) {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return /^(?:node_modules|dist)$/.test(entry.name) ? [] : listSourceFiles(path, wanted);
      return wanted(entry.name) ? [path] : [];
    })
    .sort();
}

/** One digest over names and contents. */
export function fingerprint(root, paths, ...more) {
  const hash = createHash("sha256");
  for (const path of paths)
    hash
      .update(`${relative(root, path)}\0`)
      .update(readFileSync(path))
      .update("\0");
  for (const text of more) hash.update(`${text}\0`);
  return hash.digest("hex").slice(0, 32);
}
