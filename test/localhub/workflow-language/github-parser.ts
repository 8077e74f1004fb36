/**
 * Loads GitHub's own workflow parser, on first use: it costs about 90 ms, which the start of the local GitHub must not
 * pay. Its ESM build imports JSON without an import attribute, which Node rejects, so a load hook adds the attribute to
 * those files while the package loads, and to nothing else.
 */
import { createRequire, findPackageJSON, registerHooks } from "node:module";
import { dirname, join } from "node:path";

type Package = typeof import("@actions/workflow-parser");
type Actions = typeof import("@actions/workflow-parser/actions/index");
type Contexts = typeof import("@actions/workflow-parser/templates/template-context");
type WorkflowSchema = typeof import("@actions/workflow-parser/workflows/workflow-schema");
type Job = typeof import("@actions/workflow-parser/model/converter/job");
type Cron = typeof import("@actions/workflow-parser/model/converter/cron");
type Tokens = typeof import("@actions/workflow-parser/templates/tokens/template-token");
type Mappings = typeof import("@actions/workflow-parser/templates/schema/mapping-definition");
type Strings = typeof import("@actions/workflow-parser/templates/schema/string-definition");

export interface GithubParser {
  readonly parseWorkflow: Package["parseWorkflow"];
  readonly parseAction: Actions["parseAction"];
  readonly convertActionTemplate: Actions["convertActionTemplate"];
  readonly convertJob: Job["convertJob"];
  readonly isValidCron: Cron["isValidCron"];
  readonly TemplateTokenError: Tokens["TemplateTokenError"];
  readonly workflowContext: () => InstanceType<Contexts["TemplateContext"]>;
  readonly actionContext: () => InstanceType<Contexts["TemplateContext"]>;
}

let loaded: GithubParser | undefined;

/** GitHub's parser, loaded once. */
export function githubParser(): GithubParser {
  loaded ??= load();
  return loaded;
}

function load(): GithubParser {
  const packageFile = findPackageJSON("@actions/workflow-parser", import.meta.url);
  if (packageFile === undefined) {
    throw new Error("@actions/workflow-parser is not installed: run the project's setup (npm run setup)");
  }
  const dist = join(dirname(packageFile), "dist");
  const require = createRequire(packageFile);
  const hooks = registerHooks({
    load: (url, context, next) =>
      url.includes("/@actions/workflow-parser/") && url.endsWith(".json")
        ? next(url, { ...context, importAttributes: { ...context.importAttributes, type: "json" } })
        : next(url, context),
  });
  try {
    const { parseWorkflow, NoOperationTraceWriter }: Package = require(join(dist, "index.js"));
    const { parseAction, convertActionTemplate, getActionSchema }: Actions = require(join(dist, "actions/index.js"));
    const contexts: Contexts = require(join(dist, "templates/template-context.js"));
    const { getWorkflowSchema }: WorkflowSchema = require(join(dist, "workflows/workflow-schema.js"));
    const { convertJob }: Job = require(join(dist, "model/converter/job.js"));
    const { isValidCron }: Cron = require(join(dist, "model/converter/cron.js"));
    const { TemplateTokenError }: Tokens = require(join(dist, "templates/tokens/template-token.js"));
    const { StringDefinition }: Strings = require(join(dist, "templates/schema/string-definition.js"));

    // 0.3.61 spells this name `branch_protection_rule`, so `on: repository_dispatch` would be rejected.
    const dispatch = getWorkflowSchema().definitions["repository-dispatch-string"];
    if (dispatch instanceof StringDefinition) dispatch.constant = "repository_dispatch";

    relaxActionSchema(getActionSchema().definitions, require(join(dist, "templates/schema/mapping-definition.js")));

    const context = (schema: ReturnType<typeof getWorkflowSchema>) =>
      new contexts.TemplateContext(new contexts.TemplateValidationErrors(), schema, new NoOperationTraceWriter());
    return {
      parseWorkflow,
      parseAction,
      convertActionTemplate,
      convertJob,
      isValidCron,
      TemplateTokenError,
      workflowContext: () => context(getWorkflowSchema()),
      actionContext: () => context(getActionSchema()),
    };
  } finally {
    hooks.deregister();
  }
}

/**
 * The package validates an `action.yml` with the schema of the Marketplace. The runner is less strict: it needs no
 * name, ignores unknown keys, and accepts any `required:`. Only `runs:` stays strict.
 */
function relaxActionSchema(
  definitions: ReturnType<Actions["getActionSchema"]>["definitions"],
  { MappingDefinition }: Mappings,
): void {
  const strict = definitions["action-root-strict"];
  const relaxed = definitions["action-root"];
  const runs = strict instanceof MappingDefinition ? strict.properties["runs"] : undefined;
  if (!(relaxed instanceof MappingDefinition) || runs === undefined) {
    throw new Error("@actions/workflow-parser has another action schema than version 0.3.61: review relaxActionSchema");
  }
  relaxed.properties["runs"] = runs;
  definitions["action-root-strict"] = relaxed;
}
