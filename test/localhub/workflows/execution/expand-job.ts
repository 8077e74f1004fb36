/** Expands a job into the instances of its matrix, or into one. */
import { evaluate, evaluateBoolean, evaluateNumber, evaluateText } from "../../workflow-language/evaluate.ts";
import { type Combination, combinationName, expandMatrix, strategyContext } from "../../workflow-language/matrix.ts";
import type { Template } from "../../workflow-language/values.ts";
import type { World } from "../../world/world.ts";
import type { CallFrame, Execution, JobInstance, JobNode } from "../state/execution.ts";
import { instanceScope, nodeScope } from "../state/expression-contexts.ts";

export interface ExpandedJob {
  readonly instances: readonly JobInstance[];
  /** The failure of one instance cancels the others. */
  readonly failFast: boolean;
  readonly maxParallel: number;
}

/**
 * @param path The job's own, without its matrix.
 * @throws ExpressionError @throws MatrixError
 */
export function expandJob(
  world: World,
  execution: Execution,
  frame: CallFrame,
  node: JobNode,
  path: string,
): ExpandedJob {
  const { strategy } = node.definition;
  const scope = nodeScope(world, execution, frame, node);
  const failFast = strategy?.failFast === undefined || evaluateBoolean(strategy.failFast, scope, "strategy.fail-fast");
  const maxParallel =
    strategy?.maxParallel === undefined
      ? undefined
      : evaluateNumber(strategy.maxParallel, scope, "strategy.max-parallel");
  const matrix = strategy?.matrix === undefined ? null : evaluate(strategy.matrix, scope, "strategy.matrix");
  const combinations = matrix === null ? [undefined] : expandMatrix(matrix);

  const instances = combinations.map((combination, index): JobInstance => {
    const own = {
      frame,
      node,
      matrix: combination?.values ?? null,
      strategy: strategyContext(index, combinations.length, { failFast, maxParallel }),
    };
    return {
      ...own,
      path: combination ? `${path} ${JSON.stringify(combination.values)}` : path,
      name: instanceName(node.definition, combination, (name) =>
        evaluateText(name, instanceScope(world, execution, own), "name"),
      ),
      stop: new AbortController(),
      kill: new AbortController(),
    };
  });
  return {
    instances,
    failFast,
    maxParallel: maxParallel !== undefined && maxParallel > 0 ? maxParallel : Infinity,
  };
}

/** A name with an expression is used as it is; any other is followed by the values of the matrix. */
function instanceName(
  { id, name }: JobNode["definition"],
  combination: Combination | undefined,
  evaluateName: (name: Template) => string,
): string {
  const text = name === undefined ? id : evaluateName(name);
  const hasExpression = typeof name === "string" && name.includes("${{");
  return combination && !hasExpression ? combinationName(text, combination) : text;
}
