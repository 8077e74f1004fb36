/** Pages of a list that stands inside a reply, such as the files of a commit. */
import { linkHeader } from "./pagination.ts";

const DEFAULT_PAGE_SIZE = 30;
const MAX_PAGE_SIZE = 100;

export interface NestedPage<Item> {
  readonly items: readonly Item[];
  /** `link` to the other pages, when there are any. */
  readonly headers: Readonly<Record<string, string>>;
}

/** @param unasked How many there are on a page when the client asks for no size. */
export function paginateNested<Item>(items: readonly Item[], url: URL, unasked = DEFAULT_PAGE_SIZE): NestedPage<Item> {
  const size = wholeNumber(url, "per_page", MAX_PAGE_SIZE) ?? unasked;
  const page = wholeNumber(url, "page", Number.MAX_SAFE_INTEGER) ?? 1;
  const link = linkHeader(url, page, Math.max(1, Math.ceil(items.length / size)));
  return { items: items.slice((page - 1) * size, page * size), headers: link === undefined ? {} : { link } };
}

function wholeNumber(url: URL, name: string, largest: number): number | undefined {
  const number = Number(url.searchParams.get(name) ?? Number.NaN);
  return Number.isInteger(number) && number >= 1 ? Math.min(number, largest) : undefined;
}
