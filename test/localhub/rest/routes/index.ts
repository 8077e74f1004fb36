/** Every operation the local GitHub supports. */
import type { Route } from "../route.ts";
import { approvalRoutes } from "./approvals.ts";
import { artifactRoutes } from "./artifacts.ts";
import { attestationRoutes } from "./attestations.ts";
import { branchRoutes } from "./branches.ts";
import { cacheRoutes } from "./caches.ts";
import { checkSuiteRoutes } from "./check-suites.ts";
import { checkRoutes } from "./checks.ts";
import { collaboratorRoutes } from "./collaborators.ts";
import { commentRoutes } from "./comments.ts";
import { commitRoutes } from "./commits.ts";
import { concurrencyGroupRoutes } from "./concurrency-groups.ts";
import { contentRoutes } from "./contents.ts";
import { deploymentRoutes } from "./deployments.ts";
import { environmentRoutes } from "./environments.ts";
import { gitDataRoutes } from "./git-data.ts";
import { identityRoutes } from "./identity.ts";
import { issueRoutes } from "./issues.ts";
import { jobRoutes } from "./jobs.ts";
import { labelRoutes } from "./labels.ts";
import { metaRoutes } from "./meta.ts";
import { protectionRoutes } from "./protection.ts";
import { pullRoutes } from "./pulls.ts";
import { releaseRoutes } from "./releases.ts";
import { repositoryRoutes } from "./repositories.ts";
import { repositoryDispatchRoutes } from "./repository-dispatch.ts";
import { reviewRoutes } from "./reviews.ts";
import { rulesetRoutes } from "./rulesets.ts";
import { runnerRoutes } from "./runners.ts";
import { runRoutes } from "./runs.ts";
import { statusRoutes } from "./statuses.ts";
import { variableRoutes } from "./variables.ts";
import { workflowRoutes } from "./workflows.ts";

export const routes: readonly Route[] = [
  ...approvalRoutes,
  ...artifactRoutes,
  ...attestationRoutes,
  ...branchRoutes,
  ...cacheRoutes,
  ...checkSuiteRoutes,
  ...checkRoutes,
  ...collaboratorRoutes,
  ...commentRoutes,
  ...commitRoutes,
  ...concurrencyGroupRoutes,
  ...contentRoutes,
  ...deploymentRoutes,
  ...repositoryDispatchRoutes,
  ...environmentRoutes,
  ...gitDataRoutes,
  ...identityRoutes,
  ...issueRoutes,
  ...jobRoutes,
  ...labelRoutes,
  ...metaRoutes,
  ...protectionRoutes,
  ...pullRoutes,
  ...releaseRoutes,
  ...repositoryRoutes,
  ...reviewRoutes,
  ...rulesetRoutes,
  ...runnerRoutes,
  ...runRoutes,
  ...statusRoutes,
  ...variableRoutes,
  ...workflowRoutes,
];
