/** The services that the tools of one job call. */
import type { ResultsService } from "../results/service.ts";
import type { ServiceAccess } from "../runner/job.ts";
import type { Job } from "../world/repository.ts";
import type { Token } from "../world/tokens.ts";
import type { World } from "../world/world.ts";

export function serviceAccess(
  world: World,
  results: ResultsService | undefined,
  job: Job,
  token: Token,
): ServiceAccess {
  const access = results?.accessFor(job, token);
  const { port } = new URL(world.urls.html);
  return {
    apiUrl: world.urls.api,
    graphqlUrl: `${world.urls.api.replace(/\/v3$/, "")}/graphql`,
    // The cache and artifact clients reject hosts that are not GitHub's, except `*.localhost`. It need not resolve.
    serverUrl: results ? `http://github.localhost:${port}` : world.urls.html,
    token: token.value,
    resultsUrl: access?.resultsUrl,
    runtimeToken: access?.runtimeToken,
    idTokenUrl: access?.idTokenUrl,
    idTokenToken: access?.idTokenToken,
    cacheMode: access?.cacheMode ?? "read",
  };
}
