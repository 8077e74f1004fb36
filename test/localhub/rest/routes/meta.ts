/** The API about itself: its root, its IP addresses, and the caller's rate limits. */
import { renderMeta, renderRoot } from "../../render/root.ts";
import { notFound } from "../../world/api-error.ts";
import type { RateLimitStatus } from "../callers/rate-limits.ts";
import { ok, type Route, route } from "../route.ts";

/** GitHub docs, "Rate limits for the REST API": requests a minute to the search of things other than code. */
const SEARCHES_PER_MINUTE = 30;
/** GitHub docs, "Rate limits and query limits for the GraphQL API": points an hour. */
const GRAPHQL_POINTS = 5_000;

export const metaRoutes: readonly Route[] = [
  route("meta/root", ({ world }) => ok(renderRoot(world))),

  route("meta/get", ({ world }) => ok(renderMeta(world))),

  route("rate-limit/get", ({ world, rate }) => {
    // This is the response of Enterprise Server with limits switched off.
    if (rate === undefined) throw notFound();
    const core = renderRate("core", rate);
    const untouched = (resource: string, limit: number, seconds: number) =>
      renderRate(resource, {
        limit,
        used: 0,
        remaining: limit,
        resetsAt: new Date(world.clock.now().getTime() + seconds * 1000),
      });
    const resources = {
      core,
      // The local GitHub has neither of the two; their limits are reported as unused.
      search: untouched("search", SEARCHES_PER_MINUTE, 60),
      graphql: untouched("graphql", GRAPHQL_POINTS, 3_600),
    };
    return ok({ resources, rate: core });
  }),
];

const renderRate = (resource: string, { limit, used, remaining, resetsAt }: RateLimitStatus) => ({
  limit,
  used,
  remaining,
  reset: Math.floor(resetsAt.getTime() / 1000),
  resource,
});
