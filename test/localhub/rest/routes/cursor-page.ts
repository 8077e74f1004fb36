/** Pages by cursor (`after=`), for lists without page numbers: a cursor is the key of the last item seen. */
import type { Call } from "../route.ts";

const DEFAULT_SIZE = 30;
const MAX_PAGE_SIZE = 100;

export interface CursorPage<Item> {
  readonly items: readonly Item[];
  /** `link` to the next page, when there is one. */
  readonly headers: Readonly<Record<string, string>>;
}

/** @param keyOf The key that the items are sorted by, in ascending order. */
export function paginateByCursor<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  { query, world, repository }: Call,
): CursorPage<Item> {
  const size = Math.min(Number(query["per_page"] ?? DEFAULT_SIZE) || DEFAULT_SIZE, MAX_PAGE_SIZE);
  const after = query["after"] === undefined ? undefined : Buffer.from(query["after"], "base64url").toString();
  const rest = after === undefined ? items : items.filter((item) => keyOf(item).localeCompare(after) > 0);
  const shown = rest.slice(0, size);
  const last = shown.at(-1);
  if (last === undefined || rest.length <= size) return { items: shown, headers: {} };
  const cursor = Buffer.from(keyOf(last)).toString("base64url");
  const url = `${world.urls.api}/repos/${repository.fullName}/actions/concurrency_groups`;
  return { items: shown, headers: { link: `<${url}?per_page=${size}&after=${cursor}>; rel="next"` } };
}
