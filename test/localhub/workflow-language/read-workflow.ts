import { githubParser } from "./github-parser.ts";
import { InvalidFileError, type WorkflowFile } from "./model.ts";
import { inFileOrder, workflowParserErrors } from "./parser-errors.ts";
import { readConcurrency, readDefaults, readJobs, readPermissions } from "./read-jobs.ts";
import { optionalText, readTexts } from "./read-steps.ts";
import { readTriggers } from "./read-triggers.ts";
import { validateWorkflow } from "./validate-workflow.ts";
import { isMapping } from "./values.ts";
import { parseYamlSource } from "./yaml-source.ts";

/** GitHub docs, Actions limits: a workflow file may have at most 500 KB. */
const maximumBytes = 500 * 1024;

export interface WorkflowLimits {
  /** Inputs of `workflow_dispatch`: 25 on github.com, 10 on GitHub Enterprise Server up to 3.19. */
  readonly dispatchInputs: number;
}

/**
 * Reads a workflow file as GitHub does: its own parser first, then the rules that GitHub's service adds.
 * @throws InvalidFileError with every error and its position.
 */
export function readWorkflow(
  path: string,
  text: string,
  limits: WorkflowLimits = { dispatchInputs: 25 },
): WorkflowFile {
  const source = parseYamlSource(path, text, maximumBytes);
  const parser = githubParser();
  const context = parser.workflowContext();
  const { value: root } = parser.parseWorkflow({ name: path, content: text }, context);
  const errors = [...workflowParserErrors(source, context, root, parser), ...validateWorkflow(source, limits)];
  if (errors.length > 0) throw new InvalidFileError(inFileOrder(errors));

  const workflow = isMapping(source.value) ? source.value : {};
  return {
    path,
    name: optionalText(workflow["name"]) || undefined,
    runName: optionalText(workflow["run-name"]) || undefined,
    on: readTriggers(workflow["on"]),
    permissions: readPermissions(workflow["permissions"]),
    env: readTexts(workflow["env"]),
    defaults: readDefaults(workflow["defaults"]),
    concurrency: readConcurrency(workflow["concurrency"]),
    jobs: readJobs(workflow["jobs"]),
  };
}
