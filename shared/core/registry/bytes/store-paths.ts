/** What the model's files are called in an archive: upload-artifact leaves out the folders that all of them share. */
import type { ModelLocation } from "../../../records/location.ts";

export interface StoredMember {
  readonly path: string;
  readonly bytes: number;
}

export type Below = NonNullable<ModelLocation["below"]>;

const SAME: Below = { model: "", store: "" };

/**
 * How the paths of an archive relate to those of the model: the same, with leading folders left out, or within a folder of the
 * archive. Every file must be there, with its size.
 *
 * @returns `undefined` when it does not have the model
 */
export function findBelow(files: readonly StoredMember[], members: readonly StoredMember[]): Below | undefined {
  const sizes = new Map(members.map(({ path, bytes }) => [path, bytes]));
  const has = (below: Below): boolean =>
    files.every(({ path, bytes }) => {
      const stored = storePath(path, below);
      return stored !== undefined && sizes.get(stored) === bytes;
    });
  return [SAME, ...leftOut(files), ...within(files, members)].find(has);
}

/** @returns `undefined` for a path that is not below `model` */
export const storePath = (path: string, { model, store }: Below = SAME): string | undefined =>
  path.startsWith(model) ? store + path.slice(model.length) : undefined;

/** The folders that all files share, the longest last. */
function leftOut(files: readonly StoredMember[]): readonly Below[] {
  const [first = [], ...others] = files.map(({ path }) => path.split("/").slice(0, -1));
  const shared = first.filter((_, at) => others.every((folders) => sameStart(folders, first, at + 1)));
  return shared.map((_, at) => ({ model: `${shared.slice(0, at + 1).join("/")}/`, store: "" }));
}

const sameStart = (a: readonly string[], b: readonly string[], length: number): boolean =>
  a.slice(0, length).join("/") === b.slice(0, length).join("/") && a.length >= length;

/** A folder of the archive in which the first file of the model is, by its own path or by its end. */
function within(files: readonly StoredMember[], members: readonly StoredMember[]): readonly Below[] {
  const [first] = files;
  if (first === undefined) return [];
  return [SAME, ...leftOut(files)].flatMap(({ model }) => {
    const end = `/${first.path.slice(model.length)}`;
    return members
      .filter(({ path }) => path.endsWith(end))
      .map(({ path }) => ({ model, store: path.slice(0, path.length - end.length + 1) }));
  });
}
