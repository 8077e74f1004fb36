/** All pages of a list, and each item once: lists grow, shrink and shift while they are read. */
import { GitHubError, type ListEndpoint } from "./github.ts";
import type { Octokit } from "./octokit.ts";

const PER_PAGE = 100;
/** 10,000 items. A longer list takes too long in a job, and a part of a list proves nothing. */
const MAX_PAGES = 100;
const MAX_RESTARTS = 3;

/** @throws GitHubError when the list cannot be read completely */
export async function readPages<List extends ListEndpoint>(
  { paginate }: Pick<Octokit, "paginate">,
  list: List,
  params: Parameters<List>[0],
): Promise<readonly unknown[]> {
  const { url = "" } = list.endpoint.DEFAULTS;
  for (let starts = 1; starts <= MAX_RESTARTS; starts++) {
    const items = new Map<string, unknown>();
    let total = 0;
    let pages = 0;
    for await (const page of checkPages(url, paginate.iterator(list, Object.assign({ per_page: PER_PAGE }, params)))) {
      pages += 1;
      if (pages > MAX_PAGES) {
        throw items.size > (MAX_PAGES * PER_PAGE) / 2 ? tooLong(url) : endless(url, items.size);
      }
      for (const item of page) items.set(getItemKey(item), item);
      total = page.total_count ?? 0;
    }
    // Fewer than GitHub's count: an item moved from one page to another between two requests.
    if (items.size >= total) return [...items.values()];
  }
  throw listIncomplete(url, "it kept changing while it was read");
}

/** Octokit's lists carry GitHub's count as a property. */
type Page = readonly unknown[] & { readonly total_count?: number };

/** What Octokit takes for a page of a list is one, or the list is not complete. */
async function* checkPages(url: string, pages: AsyncIterable<{ readonly data: unknown; readonly status?: number }>) {
  try {
    for await (const { data, ...rest } of pages) {
      // Octokit gives an empty page without an address for a 409, which means something else for most lists.
      if (!("url" in rest)) throw listIncomplete(url, "GitHub reported a conflict");
      // An empty body with status 204, for example, would be a list without items.
      if (rest.status !== 200) throw listIncomplete(url, `GitHub responded with ${rest.status}`);
      if (!Array.isArray(data)) throw listIncomplete(url, "the response is not a list");
      yield data as Page;
    }
  } catch (error) {
    // Octokit looks for the list in the response, and stumbles over one that has no such shape.
    if (error instanceof TypeError) throw listIncomplete(url, "the response is not a list");
    throw error;
  }
}

/** Items without an id, such as approvals, are identified by their whole content. */
function getItemKey(item: unknown): string {
  if (typeof item !== "object" || item === null || Array.isArray(item)) return JSON.stringify(item);
  const { id, node_id, ref, sha } = item as Readonly<Record<string, unknown>>;
  const key = id ?? node_id ?? ref ?? sha;
  return key === undefined || key === null ? JSON.stringify(item) : `${typeof key} ${String(key)}`;
}

const tooLong = (url: string): GitHubError =>
  listIncomplete(url, `it has more than ${MAX_PAGES * PER_PAGE} items`, "Delete old items of this list on GitHub");

const endless = (url: string, items: number): GitHubError =>
  listIncomplete(url, `its pages do not end, and ${MAX_PAGES} have ${items} items`, "Check the proxy before GitHub");

const listIncomplete = (url: string, why: string, fix = "Re-run the job"): GitHubError =>
  new GitHubError({
    code: "github-list-incomplete",
    message: `GET ${url} could not be read completely: ${why}`,
    fix,
  });
