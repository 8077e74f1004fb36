/** Files that stand for another one: of Git LFS and of DVC. Hashed themselves, they would be registered in place of the model. */

/** Git LFS: a pointer has less than 1024 bytes (docs/spec.md). One of DVC for a file or a folder has not many more. */
export const MAX_POINTER_BYTES = 4096;
const MAX_LFS_BYTES = 1024;

export type Pointer =
  /** Its hash is that of the content. */
  | { readonly kind: "git-lfs"; readonly digest: string; readonly bytes: number }
  /** MD5 of the content; of a folder, of a list of its files. */
  | { readonly kind: "dvc"; readonly md5: string; readonly bytes: number | undefined; readonly isFolder: boolean };

const LFS_VERSION = /^version https:\/\/(?:git-lfs\.github\.com\/spec\/v1|hawser\.github\.com\/spec\/v1)\n/;
const DVC = /^(?:#[^\n]*\n)*(?:md5: \S+\n(?:[^\n]*\n)*)?outs:\s*\n/;

/** @returns `undefined` for any other file; a broken pointer is one, too: `"broken"` */
export function parsePointer(text: string): Pointer | "broken" | undefined {
  const lines = text.replaceAll("\r\n", "\n");
  if (LFS_VERSION.test(lines)) return parseLfs(lines);
  return DVC.test(lines) ? parseDvc(lines) : undefined;
}

function parseLfs(text: string): Pointer | "broken" {
  const [, oid] = /^oid sha256:([0-9a-f]{64})$/m.exec(text) ?? [];
  const [, size] = /^size (\d{1,15})$/m.exec(text) ?? [];
  const hasOthers = text
    .trimEnd()
    .split("\n")
    .some((line) => !/^(?:version|oid|size|ext-\d-[\w-]+) \S+$/.test(line));
  if (oid === undefined || size === undefined || hasOthers || text.length >= MAX_LFS_BYTES) return "broken";
  // With extensions, what git-lfs keeps is not the content that is checked out.
  if (/^ext-/m.test(text)) return "broken";
  return { kind: "git-lfs", digest: `sha256:${oid}`, bytes: Number(size) };
}

/** One output; DVC writes others only for stages. */
function parseDvc(text: string): Pointer | "broken" {
  const found = [...text.matchAll(/^\s*(?:- )?\s*md5: (\S+)$/gm)].map(([, hash = ""]) => hash);
  const [md5 = ""] = found.slice(-1);
  const [, size] = /^\s*(?:- )?\s*size: (\d{1,15})$/m.exec(text) ?? [];
  if (!/^[0-9a-f]{32}(?:\.dir)?$/.test(md5)) return "broken";
  const isFolder = md5.endsWith(".dir");
  return { kind: "dvc", md5: md5.slice(0, 32), bytes: size === undefined ? undefined : Number(size), isFolder };
}
