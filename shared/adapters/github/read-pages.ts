/** All pages of a list, and each item once: lists grow, shrink and shift while they are read. */
import { GitHubError, type Json } from "./github.ts";
import type { GitHubResponse } from "./response.ts";

const PER_PAGE = 100;
/** 10,000 items. A longer list takes too long in a job, and a part of a list proves nothing. */
const MAX_PAGES = 100;
const MAX_RESTARTS = 3;

/** @throws GitHubError when the list cannot be read completely */
export async function readPages(
  route: string,
  read: (page: { readonly per_page: number; readonly page: number }) => Promise<GitHubResponse>,
): Promise<readonly Json[]> {
  for (let starts = 1; starts <= MAX_RESTARTS; starts++) {
    const items = new Map<string, Json>();
    let total = 0;
    for (let page = 1; ; page++) {
      if (page > MAX_PAGES) {
        const why = `it has more than ${MAX_PAGES * PER_PAGE} items`;
        throw listIncomplete(route, why, "Delete old items of this list on GitHub");
      }
      const response = await read({ per_page: PER_PAGE, page });
      const list = extractList(route, response.data);
      for (const item of list.items) items.set(getItemKey(item), item);
      total = list.total ?? 0;
      if (!/;\s*rel="next"/.test(response.headers.get("link") ?? "")) break;
    }
    // Fewer than GitHub's count: an item moved from one page to another between two requests.
    if (items.size >= total) return [...items.values()];
  }
  throw listIncomplete(route, "it kept changing while it was read");
}

interface ListPage {
  readonly items: readonly Json[];
  readonly total: number | undefined;
}

/** The list itself, or the one in an object such as `{ total_count, artifacts }`. */
function extractList(route: string, data: Json): ListPage {
  if (isList(data)) return { items: data, total: undefined };
  if (typeof data === "object" && data !== null) {
    const lists = Object.values(data).filter(isList);
    const [items] = lists;
    const total = data["total_count"];
    if (items !== undefined && lists.length === 1 && typeof total === "number") return { items, total };
  }
  throw listIncomplete(route, "the response is not a list");
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** Items without an id, such as approvals, are identified by their whole content. */
function getItemKey(item: Json): string {
  if (typeof item !== "object" || item === null || isList(item)) return JSON.stringify(item);
  const id = item["id"] ?? item["node_id"] ?? item["ref"] ?? item["sha"];
  return id === undefined || id === null ? JSON.stringify(item) : `${typeof id} ${String(id)}`;
}

const listIncomplete = (route: string, why: string, fix = "Re-run the job"): GitHubError =>
  new GitHubError({
    code: "github-list-incomplete",
    message: `${route} could not be read completely: ${why}`,
    fix,
  });
