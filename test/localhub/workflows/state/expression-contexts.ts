/** The contexts of an expression that GitHub evaluates, before a runner has the job. */
import type { Scope } from "../../workflow-language/expression.ts";
import type { Json } from "../../workflow-language/values.ts";
import type { World } from "../../world/world.ts";
import { findNodes } from "./call-frame.ts";
import { type CallFrame, type Execution, isCancelled, type JobInstance, type JobNode } from "./execution.ts";
import { githubContext } from "./github-context.ts";
import { ancestorsOf, type JobConclusion, statusFunctions } from "./job-outcomes.ts";

type Contexts = Readonly<Record<string, Json>>;

/** The contexts for every position in a workflow file. */
export function frameContexts(world: World, execution: Execution, inputs: Contexts | null): Contexts {
  return {
    github: githubContext(world, execution),
    inputs: inputs ?? {},
    vars: variablesOf(execution),
  };
}

/** For a job before its matrix is known: `if`, `strategy`. */
export function nodeScope(world: World, execution: Execution, frame: CallFrame, node: JobNode): Scope {
  return {
    contexts: { ...frameContexts(world, execution, frame.inputs), needs: needsOf(frame, node) },
    functions: statusFunctions(ancestorResults(frame, node), isCancelled(execution, frame)),
  };
}

/** For one instance of a job: `name`, `runs-on`, `environment`, `concurrency`, `with` … */
export function instanceScope(
  world: World,
  execution: Execution,
  instance: Pick<JobInstance, "frame" | "node" | "matrix" | "strategy">,
): Scope {
  const { contexts } = nodeScope(world, execution, instance.frame, instance.node);
  return { contexts: { ...contexts, matrix: instance.matrix ?? {}, strategy: instance.strategy } };
}

/** GitHub docs: runs started by a fork's pull request or by Dependabot get neither secrets nor variables. */
export function variablesOf({ run, privileges }: Execution): Readonly<Record<string, string>> {
  return privileges.secrets ? Object.fromEntries(run.repository.actions.variables) : {};
}

export function repositorySecretsOf({
  run,
  privileges,
}: Pick<Execution, "run" | "privileges">): Readonly<Record<string, string>> {
  return privileges.secrets ? Object.fromEntries(run.repository.actions.secrets) : {};
}

/** The `needs` context: the jobs listed in `needs`. */
export function needsOf(
  frame: CallFrame,
  node: JobNode,
): Readonly<Record<string, { readonly result: JobConclusion; readonly outputs: Readonly<Record<string, string>> }>> {
  const needs = findNodes(frame.nodes, node.definition.needs);
  return Object.fromEntries(needs.map(({ definition, result, outputs }) => [definition.id, { result, outputs }]));
}

function ancestorResults(frame: CallFrame, node: JobNode): readonly JobConclusion[] {
  const parents = (of: JobNode): readonly JobNode[] => findNodes(frame.nodes, of.definition.needs);
  return [...ancestorsOf(node, parents)].map((ancestor) => ancestor.result);
}
