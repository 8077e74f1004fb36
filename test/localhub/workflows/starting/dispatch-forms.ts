/** What a person fills in to dispatch a workflow by hand. */
import { valueToText } from "../../workflow-language/expression-data.ts";
import type { InputDefinition } from "../../workflow-language/model.ts";
import { isMapping } from "../../workflow-language/values.ts";
import type { Repository } from "../../world/repository.ts";
import type { DispatchForm, DispatchInput } from "../service.ts";
import type { Engine } from "../state/engine.ts";

/** One for each workflow of the default branch that has `workflow_dispatch`. */
export async function dispatchForms({ files }: Engine, repository: Repository): Promise<readonly DispatchForm[]> {
  const sha = await repository.git.resolve(`refs/heads/${repository.defaultBranch}`);
  const reads = sha === undefined ? [] : await files.list(repository, sha);
  return reads.flatMap((read) => {
    const workflow = [...repository.actions.workflows.values()].find(({ path }) => path === read.path);
    if (read.kind === "invalid" || workflow === undefined || workflow.state === "disabled_manually") return [];
    if (!Object.hasOwn(read.file.on.events, "workflow_dispatch")) return [];
    const inputs = Object.entries(read.file.on.dispatchInputs).map(([name, input]) => toField(repository, name, input));
    return [{ workflow, inputs }];
  });
}

function toField(repository: Repository, name: string, input: InputDefinition): DispatchInput {
  const { type, description, required } = input;
  const environments = [...repository.environments.values()].map((environment) => environment.name);
  const options = type === "environment" ? environments : input.options;
  const initial = input.default === undefined || isMapping(input.default) ? "" : valueToText(input.default);
  return { name, type, description: description ?? "", required, initial, options };
}
