/** Finding what the contents API shows: a file, the target of a link, a submodule's URL, the README. */
import { posix } from "node:path";
import type { TreeEntry } from "../../git/git-repository.ts";
import type { Repository } from "../../world/repository.ts";

/**
 * The file that a symbolic link leads to, directly or through further links; `undefined` when it leads out of the
 * repository, to a folder, or to a missing file.
 */
export async function linkedFile(
  { git }: Repository,
  revision: string,
  link: TreeEntry,
): Promise<TreeEntry | undefined> {
  let at = link;
  // A longer chain is treated as circular.
  for (let hops = 0; hops < 10 && at.mode === "120000"; hops++) {
    const target = (await git.blob(at.sha))?.toString() ?? "";
    const path = posix.normalize(posix.join(posix.dirname(at.path), target));
    if (target.startsWith("/") || path.startsWith("..")) return undefined;
    const next = await git.entryAt(revision, path);
    if (!next) return undefined;
    at = next;
  }
  return at.type === "blob" && at.mode !== "120000" ? at : undefined;
}

/** The URL in `.gitmodules` of the submodule at `path`. */
export async function submoduleUrl({ git }: Repository, revision: string, path: string): Promise<string | undefined> {
  const text = (await git.read(revision, ".gitmodules"))?.toString() ?? "";
  for (const section of text.split(/^(?=\s*\[)/m)) {
    if (setting(section, "path") === path) return setting(section, "url");
  }
  return undefined;
}

/** GitHub docs, "About READMEs": looked for in `.github`, then the root, then `docs`. */
export async function readmeOf({ git }: Repository, revision: string): Promise<TreeEntry | undefined> {
  for (const folder of [".github", "", "docs"]) {
    const tree = await git.entryAt(revision, folder);
    const entries = tree?.type === "tree" ? ((await git.tree(tree.sha)) ?? []) : [];
    const readmes = entries.filter(({ path, type }) => type === "blob" && /^readme(\.[a-z]+)?$/i.test(path));
    const found = readmes.find(({ path }) => /\.(md|markdown)$/i.test(path)) ?? readmes[0];
    if (found) return { ...found, path: folder === "" ? found.path : `${folder}/${found.path}` };
  }
  return undefined;
}

function setting(section: string, name: string): string | undefined {
  return new RegExp(`^\\s*${name}\\s*=\\s*(.+?)\\s*$`, "m").exec(section)?.[1];
}
