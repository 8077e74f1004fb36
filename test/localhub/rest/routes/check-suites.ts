/** Check suites. */
import type { Commit } from "../../git/git-repository.ts";
import { checkRunsOf } from "../../operations/checks/checks.ts";
import { resolveCommitSha } from "../../operations/git/revisions.ts";
import { renderCheckSuite } from "../../render/checks.ts";
import { notFound } from "../../world/api-error.ts";
import type { CheckSuite } from "../../world/checks.ts";
import type { Repository } from "../../world/repository.ts";
import { type Call, list, ok, type Route, route } from "../route.ts";

export const checkSuiteRoutes: readonly Route[] = [
  route("checks/get-suite", async (call) => {
    const { world, repository } = call;
    const suite = suiteOf(call);
    return ok(renderCheckSuite(world, repository, suite, await headOf(repository, suite.headSha)));
  }),

  route("checks/list-suites-for-ref", async ({ world, repository, path, query }) => {
    const sha = await resolveCommitSha(repository, path["ref"] ?? "");
    const { app_id: app, check_name: name } = query;
    const suites = [...repository.checkSuites.values()].filter(
      (suite) =>
        suite.headSha === sha &&
        (app === undefined || String(suite.app.id) === app) &&
        (name === undefined || checkRunsOf(repository, suite).some((run) => run.name === name)),
    );
    const head = await headOf(repository, sha);
    return list(suites, (suite) => renderCheckSuite(world, repository, suite, head), "check_suites");
  }),
];

/** @throws ApiError 404 */
export function suiteOf({ repository, path }: Call): CheckSuite {
  const suite = repository.checkSuites.get(Number(path["check_suite_id"]));
  if (suite === undefined) throw notFound();
  return suite;
}

async function headOf(repository: Repository, sha: string): Promise<Commit> {
  const commit = await repository.git.commit(sha);
  if (commit === undefined) throw notFound();
  return commit;
}
