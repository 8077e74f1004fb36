/** Pages of a list inside a reply, such as the files of a commit. */
import { linkHeader } from "./pagination.ts";

const DEFAULT_PAGE_SIZE = 30;
const MAX_PAGE_SIZE = 100;

export interface NestedPage<Item> {
  readonly items: readonly Item[];
  /** `link` to the other pages, when there are any. */
  readonly headers: Readonly<Record<string, string>>;
}

/** @param defaultSize The page size when the client does not request one. */
export function paginateNested<Item>(
  items: readonly Item[],
  url: URL,
  defaultSize = DEFAULT_PAGE_SIZE,
): NestedPage<Item> {
  const size = wholeNumber(url, "per_page", MAX_PAGE_SIZE) ?? defaultSize;
  const page = wholeNumber(url, "page", Number.MAX_SAFE_INTEGER) ?? 1;
  const link = linkHeader(url, page, Math.max(1, Math.ceil(items.length / size)));
  return { items: items.slice((page - 1) * size, page * size), headers: link === undefined ? {} : { link } };
}

function wholeNumber(url: URL, name: string, max: number): number | undefined {
  const number = Number(url.searchParams.get(name) ?? Number.NaN);
  return Number.isInteger(number) && number >= 1 ? Math.min(number, max) : undefined;
}
