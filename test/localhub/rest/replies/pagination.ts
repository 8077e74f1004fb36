/** Cuts a list to the requested page and links the others. */
import type { DescribedOperation } from "../../openapi/description.ts";
import type { ListReply } from "../route.ts";

/** GitHub docs, "Using pagination in the REST API": 30 items by default, at most 100. */
const DEFAULT_PAGE_SIZE = 30;
const MAX_PAGE_SIZE = 100;

/** OpenAPI, actions/list-workflow-runs: searches with these filters return at most 1,000 results. */
const MAX_SEARCH_RESULTS = 1_000;
const SEARCHES = new Set(["actions/list-workflow-runs", "actions/list-workflow-runs-for-repo"]);
const SEARCH_FILTERS = ["actor", "branch", "check_suite_id", "created", "event", "head_sha", "status"];

export interface Page {
  readonly body: unknown;
  /** The `Link` header; absent when everything fits on one page. */
  readonly link: string | undefined;
}

/** `url` is the request's own; the links are the same URL with another `page`. */
export function paginateReply(reply: ListReply, operation: DescribedOperation, url: URL): Page {
  const searched = SEARCHES.has(operation.id) && SEARCH_FILTERS.some((name) => url.searchParams.has(name));
  const items = searched ? reply.items.slice(0, MAX_SEARCH_RESULTS) : reply.items;
  const paged = operation.parameters.some((parameter) => parameter.name === "per_page");
  const size = paged ? within(url.searchParams.get("per_page"), DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE) : items.length;
  const page = paged ? within(url.searchParams.get("page"), 1, Number.MAX_SAFE_INTEGER) : 1;
  const shown = items.slice((page - 1) * size, page * size).map((item) => reply.render(item as never));
  const last = Math.max(1, Math.ceil(items.length / Math.max(1, size)));
  return {
    body:
      reply.envelope === undefined
        ? shown
        : { total_count: reply.items.length, ...reply.extra, [reply.envelope]: shown },
    link: paged ? linkHeader(url, page, last) : undefined,
  };
}

/** A number from the query; GitHub uses the default for invalid values, and the maximum for larger ones. */
function within(text: string | null, fallback: number, max: number): number {
  const number = Number(text ?? fallback);
  return Number.isInteger(number) && number >= 1 ? Math.min(number, max) : fallback;
}

/** The `Link` header of one page; `undefined` when it is the only one. `url` is the request's own. */
export function linkHeader(url: URL, page: number, last: number): string | undefined {
  const link = (target: number, relation: string): string => {
    const other = new URL(url);
    other.searchParams.set("page", String(target));
    return `<${other.href}>; rel="${relation}"`;
  };
  const links = [
    ...(page > 1 ? [link(Math.min(page - 1, last), "prev")] : []),
    ...(page < last ? [link(page + 1, "next"), link(last, "last")] : []),
    ...(page > 1 ? [link(1, "first")] : []),
  ];
  return links.length > 0 ? links.join(", ") : undefined;
}
