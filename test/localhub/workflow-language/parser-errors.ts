/** The errors that GitHub's parser reports about a file, as `FileError`s. */
import type { GithubParser } from "./github-parser.ts";
import type { FileError } from "./model.ts";
import { isMapping } from "./values.ts";
import type { YamlSource } from "./yaml-source.ts";

type Context = ReturnType<GithubParser["workflowContext"]>;
type Root = ReturnType<GithubParser["parseWorkflow"]>["value"];

/**
 * Errors of the schema; when there are none, those that GitHub's converter finds in each job (ids, conditions, runner
 * groups). The converter does not run before: it would only repeat the schema's errors in other words. `needs` is
 * checked elsewhere: the package compares job ids case-sensitively, GitHub does not.
 */
export function workflowParserErrors(
  source: YamlSource,
  context: Context,
  root: Root,
  parser: GithubParser,
): readonly FileError[] {
  const emptyInputs = new Set(emptyDispatchInputs(source).map(({ line, column }) => `${line}:${column}`));
  const errors = () =>
    parserErrors(source.path, context).filter(
      ({ line, column, message }) =>
        !overstrict.test(message) && !(message === "Unexpected value ''" && emptyInputs.has(`${line}:${column}`)),
    );
  if (root === undefined || errors().length > 0) return errors();
  for (const { key, value } of root.assertMapping("root")) {
    if (key.toString() !== "jobs") continue;
    for (const job of value.assertMapping("jobs")) {
      collectThrown(context, parser, () =>
        parser.convertJob(context, job.key.assertString("job id"), job.value.assertMapping("job")),
      );
    }
  }
  return errors();
}

/** GitHub's service accepts one expression for a whole `env:` or `outputs:`; its package requires a mapping. */
const overstrict =
  /^Unexpected type 'BasicExpressionToken' encountered while reading '(?:job env|step env|job outputs)'/;

/** GitHub's service reads a dispatch input with nothing after its name as a text input; its package rejects it. */
function emptyDispatchInputs(source: YamlSource): readonly FileError[] {
  const path = ["on", "workflow_dispatch", "inputs"];
  const on = isMapping(source.value) ? source.value["on"] : undefined;
  const dispatch = isMapping(on) ? on["workflow_dispatch"] : undefined;
  const inputs = isMapping(dispatch) ? dispatch["inputs"] : undefined;
  if (inputs === null) return [source.errorAt(path, "")];
  return Object.entries(isMapping(inputs) ? inputs : {}).flatMap(([name, input]) =>
    input === null ? [source.errorAt([...path, name], "")] : [],
  );
}

export function parserErrors(path: string, context: Context): readonly FileError[] {
  const seen = new Set<string>();
  return context.errors.getErrors().flatMap((error) => {
    const { line, column } = error.range?.start ?? { line: 1, column: 1 };
    const key = `${line}:${column}:${error.rawMessage}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ path, line, column, message: error.rawMessage }];
  });
}

/** The converter throws for a value of the wrong type, with the token that contains it. */
function collectThrown(context: Context, parser: GithubParser, convert: () => unknown): void {
  try {
    convert();
  } catch (error) {
    if (!(error instanceof parser.TemplateTokenError)) throw error;
    context.error(error.token, error);
  }
}

export function inFileOrder(errors: readonly FileError[]): readonly FileError[] {
  return errors.toSorted((a, b) => a.line - b.line || a.column - b.column);
}
