// From a path or a word to the test files that have to do with it: a test, a source (the tests beside it and those that
// import it), a case below test/cases or any other file (the tests that read it).
import { existsSync } from "node:fs";
import { join, posix, relative, resolve } from "node:path";
import { findTestsUsing, isSource, isTest, listFiles, readSourceGraph } from "./source-graph.mjs";
import { suggestNames } from "./suggest-names.mjs";
import { UserError } from "./user-error.mjs";

/** What nearly everything imports is covered by the tests nearest to it; all of them are the full run's work. */
const MAX_IMPORTING_TESTS = 12;

/**
 * `tests`: paths from the root. `needsBundles`: whether one of them runs the bundles. `notes`: what was left out.
 * Words are paths, from `folder` or from the root, or parts of paths. @throws UserError when one of them matches nothing.
 */
export function selectTests(root, words, folder = root) {
  const files = listFiles(root);
  const users = readSourceGraph(root, files);
  const bundled = findTestsUsing(users, ["test/bundle/built-actions.ts"]);
  const notes = [];

  /** The nearest tests that import one of the sources; those that need bundles only where there are no others. */
  function findImporters(sources, word) {
    const all = [...findTestsUsing(users, sources)];
    const light = all.filter(([path]) => !bundled.has(path));
    const found = (light.length > 0 ? light : all).sort(([, one], [, two]) => one - two);
    const left = found.length - MAX_IMPORTING_TESTS;
    if (left > 0) notes.push(`${left} more test files import ${word} from further away; "npm test" runs them all`);
    return found.slice(0, MAX_IMPORTING_TESTS).map(([path]) => path);
  }

  /** The tests that name the path or what is below it; else those beside it, or those that name a folder above it. */
  function findReaders(path, named = [...users.keys()].filter((target) => `${target}/`.startsWith(`${path}/`))) {
    // What selects tests by such a path does not read it.
    const readers = named.flatMap((target) => users.get(target) ?? []).filter((user) => !user.startsWith("scripts/"));
    const naming = [...findTestsUsing(users, readers).keys()];
    const light = naming.filter((test) => !bundled.has(test));
    const found = light.length > 0 && !path.startsWith("test/cases") ? light : naming;
    const above = posix.dirname(path);
    if (found.length > 0 || above === ".") return found;
    const beside = files.filter((file) => isTest(file) && posix.dirname(file) === above);
    return beside.length > 0 ? beside : findReaders(above, [above]);
  }

  function findByPath(path, word) {
    if (isTest(path)) return [path];
    const inside = files.filter((file) => file === path || file.startsWith(`${path}/`));
    const sources = inside.filter(isSource);
    const found = sources.length > 0 ? [...inside.filter(isTest), ...findImporters(sources, word)] : [];
    return found.length > 0 ? found : findReaders(path);
  }

  function findByWord(word) {
    const matching = files.filter((path) => path.includes(word));
    const cases = matching.filter((path) => path.startsWith("test/cases/"));
    const found = [...matching.filter(isTest), ...cases.flatMap((path) => findReaders(path))];
    return found.length > 0 ? found : findImporters(matching.filter(isSource), word);
  }

  const tests = words.flatMap((word) => {
    const path = [folder, root]
      .map((base) => relative(root, resolve(base, word)).replaceAll("\\", "/"))
      .find((candidate) => candidate !== "" && !candidate.startsWith("..") && existsSync(join(root, candidate)));
    const found = path === undefined ? findByWord(word) : findByPath(path, word);
    if (found.length > 0) return found;
    if (path !== undefined) throw new UserError(`no test has to do with ${path}; "npm test" runs them all`);
    throw new UserError(`nothing matches "${word}": no test, source or case. ${suggestNames(word, files)}`);
  });
  const unique = [...new Set(tests)].sort();
  return { tests: unique, needsBundles: unique.some((path) => bundled.has(path)), notes };
}
