// What somebody may have meant by a word that matches nothing.
import { posix } from "node:path";

/** A sentence with the names of tests, sources and cases that are most like the word. */
export function suggestNames(word, files) {
  const names = new Set(
    files.flatMap((path) => {
      const folders = path.split("/").slice(0, -1);
      const above = folders.flatMap((name, depth) => [name, folders.slice(0, depth + 1).join("/")]);
      return [...above, path, posix.basename(path).replace(/(?:\.test)?\.\w+$/, "")];
    }),
  );
  const near = [...names]
    .map((name) => ({ name, distance: countEdits(word.toLowerCase(), name.toLowerCase()) }))
    .filter(({ distance }) => distance <= Math.ceil(word.length / 3))
    .sort((one, two) => one.distance - two.distance || one.name.length - two.name.length);
  const meant = near.slice(0, 3).map(({ name }) => name);
  return meant.length > 0
    ? `Did you mean ${meant.join(", ")}?`
    : "Name a path such as actions/gate-metrics or test/cases/gate, a part of one, or cases for all cases";
}

/** How many letters to change, add or leave out (Levenshtein). */
function countEdits(one, two) {
  let row = Array.from({ length: two.length + 1 }, (_, index) => index);
  for (let at = 1; at <= one.length; at += 1) {
    const next = [at];
    for (let to = 1; to <= two.length; to += 1) {
      const same = one[at - 1] === two[to - 1] ? 0 : 1;
      next.push(Math.min(next[to - 1] + 1, row[to] + 1, row[to - 1] + same));
    }
    row = next;
  }
  return row[two.length];
}
