/** Everything the runner gets about a job. */
import type { ExpressionContexts, JobAssignment, ServiceAccess } from "../../runner/job.ts";
import type { Environment } from "../../world/deployments.ts";
import { workflowReference } from "../files/load-workflow.ts";
import type { Execution, JobInstance } from "../state/execution.ts";
import { needsOf, variablesOf } from "../state/expression-contexts.ts";
import { githubContext } from "../state/github-context.ts";
import type { JobContext } from "./job-context.ts";

/** GitHub docs, "Enabling debug logging": set for the jobs of a re-run with debug logging. */
const DEBUG_SECRETS = { ACTIONS_STEP_DEBUG: "true", ACTIONS_RUNNER_DEBUG: "true" };

export function createAssignment(
  { engine, execution, instance, definition, plan, job }: JobContext,
  environment: Environment | undefined,
  services: ServiceAccess,
): JobAssignment {
  const { ports, world } = engine;
  const { file } = instance.frame.workflow;
  const { runner } = job;
  if (runner === undefined) throw new Error(`job ${job.name} has no runner yet`);
  const secrets = secretsOf(execution, instance, environment);
  return {
    name: job.name,
    steps: definition.steps,
    env: [file.env, definition.env],
    defaults: {
      shell: definition.defaults.shell ?? file.defaults.shell,
      workingDirectory: definition.defaults.workingDirectory ?? file.defaults.workingDirectory,
    },
    outputs: definition.outputs,
    environmentUrl: plan.environment?.url,
    timeoutMinutes: plan.timeoutMinutes,
    contexts: {
      needs: needsOf(instance.frame, instance.node),
      strategy: instance.strategy,
      matrix: instance.matrix,
      inputs: instance.frame.inputs,
      github: {
        ...githubContext(world, execution),
        token: services.token,
        job: definition.id,
        api_url: services.apiUrl,
        server_url: services.serverUrl,
        graphql_url: services.graphqlUrl,
      },
      vars: {
        ...variablesOf(execution),
        ...(execution.privileges.secrets && Object.fromEntries(environment?.variables ?? [])),
      },
      secrets: { ...secrets, ...(execution.debug && DEBUG_SECRETS), GITHUB_TOKEN: services.token },
      job: staticJobContext(instance, job.checkRun.id),
    },
    event: job.run.payload,
    masks: [...new Set([services.token, ...Object.values(secrets)])].filter((value) => value !== ""),
    services,
    runner: ports.machine(runner),
    actions: ports.actions(job.run),
  };
}

/** The environment's secrets are added only after its gate, and override the repository's of the same name. */
function secretsOf(
  execution: Execution,
  instance: JobInstance,
  environment: Environment | undefined,
): Readonly<Record<string, string>> {
  const own = execution.privileges.secrets ? Object.fromEntries(environment?.secrets ?? []) : {};
  return { ...instance.frame.secrets, ...own };
}

/** GitHub docs, `job` context: the part known before the runner starts. */
function staticJobContext(instance: JobInstance, checkRunId: number): ExpressionContexts["job"] {
  const { source } = instance.frame.workflow;
  return {
    check_run_id: checkRunId,
    workflow_ref: workflowReference(source),
    workflow_sha: source.sha,
    workflow_repository: source.repository.fullName,
    workflow_file_path: source.path,
  };
}
