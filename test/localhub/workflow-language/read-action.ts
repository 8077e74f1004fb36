import { githubParser } from "./github-parser.ts";
import { type ActionFile, InvalidFileError } from "./model.ts";
import { inFileOrder, parserErrors } from "./parser-errors.ts";
import { plainText } from "./plain-text.ts";
import { optionalText, readSteps } from "./read-steps.ts";
import { conditionExpression } from "./template-text.ts";
import { validateSteps } from "./validate-workflow.ts";
import { isList, isMapping, type Json, mapMappings } from "./values.ts";
import { parseYamlSource } from "./yaml-source.ts";

/** actions/runner reads an `action.yml` up to this size. */
const maximumBytes = 10 * 1024 * 1024;

/**
 * Reads an `action.yml` as GitHub does. Docker actions are read too, so that the runner can reject them by name.
 * @throws InvalidFileError with every error and its position.
 */
export function readAction(path: string, text: string): ActionFile {
  const source = parseYamlSource(path, text, maximumBytes);
  const parser = githubParser();
  const context = parser.actionContext();
  const { value: root } = parser.parseAction({ name: path, content: text }, context);
  if (root !== undefined && context.errors.count === 0) parser.convertActionTemplate(context, root);

  const action = isMapping(source.value) ? source.value : {};
  const runs = isMapping(action["runs"]) ? action["runs"] : {};
  const steps = isList(runs["steps"]) ? runs["steps"] : [];
  const stepErrors = [...validateSteps(["runs", "steps"], steps)].map(({ path: at, message }) =>
    source.errorAt(at, message),
  );
  const errors = [...parserErrors(path, context), ...stepErrors];
  if (errors.length > 0) throw new InvalidFileError(inFileOrder(errors));

  return {
    name: plainText(action["name"]) || path,
    inputs: mapMappings(action["inputs"], (input) => ({
      required: input["required"] === true || input["required"] === "true",
      default: optionalText(input["default"]),
      deprecationMessage: textOrUndefined(input["deprecationMessage"]),
    })),
    outputs: mapMappings(action["outputs"], (output) => ({ value: optionalText(output["value"]) })),
    runs: readRuns(runs),
  };
}

function readRuns(runs: Readonly<Record<string, Json>>): ActionFile["runs"] {
  const using = plainText(runs["using"]);
  if (using === "composite") return { kind: "composite", steps: readSteps(runs["steps"]) };
  if (using === "docker") return { kind: "docker", image: plainText(runs["image"]) };
  return {
    kind: "javascript",
    using,
    main: plainText(runs["main"]),
    pre: optionalText(runs["pre"]),
    preIf: conditionExpression(plainText(runs["pre-if"])) || "always()",
    post: optionalText(runs["post"]),
    postIf: conditionExpression(plainText(runs["post-if"])) || "always()",
  };
}

/** For keys the runner does not check: a value that is not text counts as absent. */
function textOrUndefined(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}
