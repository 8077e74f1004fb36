/**
 * Resolves a revision to a commit. Narrower than git's own syntax on purpose: a client's text must not become a search.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ObjectReader } from "./object-reader.ts";
import type { RefStore } from "./refs.ts";

const FULL_SHA = /^[0-9a-f]{40}$/i;
/** Git accepts a short SHA of at least four digits. */
const SHORT_SHA = /^[0-9a-f]{4,39}$/i;
/** A name with steps to parents after it: `main~2`, `HEAD^2~1`. */
const STEPS = /^(.*?)((?:[~^]\d*)*)$/s;

/**
 * `HEAD`, a full ref name, a branch, a tag (`heads/…` and `tags/…` too), a full or unambiguous short SHA, each with
 * `^n`/`~n` after it. A branch wins over a tag of the same name, as on GitHub.
 */
export async function resolveRevision(
  directory: string,
  objects: ObjectReader,
  refs: RefStore,
  revision: string,
): Promise<string | undefined> {
  const [, name = "", steps = ""] = STEPS.exec(revision) ?? [];
  const start = await resolveName(directory, objects, refs, name);
  return start && (await objects.info(`${start}${steps}^{commit}`))?.sha;
}

async function resolveName(
  directory: string,
  objects: ObjectReader,
  refs: RefStore,
  name: string,
): Promise<string | undefined> {
  if (FULL_SHA.test(name)) return name.toLowerCase();
  if (name === "HEAD") {
    const head = (await readFile(join(directory, "HEAD"), "utf8")).trim();
    return head.startsWith("ref: ") ? (await refs.first([head.slice(5)]))?.sha : head;
  }
  const names = name.startsWith("refs/") ? [name] : [`refs/heads/${name}`, `refs/tags/${name}`, `refs/${name}`];
  const ref = await refs.first(names);
  if (ref) return ref.sha;
  return SHORT_SHA.test(name) ? (await objects.info(name.toLowerCase()))?.sha : undefined;
}
