/** The kinds of inputs that an action can have: how each is parsed, documented and typed. */
import { posix } from "node:path";
import { ActionError } from "../problem/problem.ts";
import { readJson } from "../text/json/read-json.ts";

export interface InputSpec<Value> {
  readonly kind: string;
  readonly doc: string;
  /** As written in a workflow file; absent: the input is required. */
  readonly default: string | undefined;
  /** Masked before anything is printed, and never logged. */
  readonly secret: boolean;
  /** An example for the docs, as written in a workflow file. */
  readonly example: string | undefined;
  readonly parse: (raw: string) => ParseResult<Value>;
  /** JSON Schema of the text, for editors. */
  readonly schema: Readonly<Record<string, unknown>>;
}

/** A value, or what is wrong with the text and how to fix it. */
export type ParseResult<Value> = { readonly value: Value } | { readonly error: string; readonly fix: string };

interface InputOptions {
  readonly doc: string;
  readonly default?: string;
  readonly example?: string;
}

function defineInput<Value>(
  name: string,
  options: InputOptions,
  parse: InputSpec<Value>["parse"],
  schema: Readonly<Record<string, unknown>> = { type: "string" },
  secret = false,
): InputSpec<Value> {
  return { kind: name, doc: options.doc, default: options.default, example: options.example, secret, parse, schema };
}

export const input = {
  text: (options: InputOptions): InputSpec<string> => defineInput("text", options, (raw) => ({ value: raw })),

  /** A token or password. */
  secret: (options: InputOptions): InputSpec<string> =>
    defineInput("secret", options, (raw) => ({ value: raw }), { type: "string" }, true),

  /** A path relative to the workspace, and inside it. */
  path: (options: InputOptions): InputSpec<string> =>
    defineInput("path", options, (raw) => (raw === "" ? { value: "" } : parseWorkspacePath(raw))),

  /** One path or glob per line; `#` starts a comment. */
  paths: (options: InputOptions): InputSpec<readonly string[]> =>
    defineInput("paths", options, (raw) => {
      const values: string[] = [];
      for (const line of parseLines(raw)) {
        const parsed = parseWorkspacePath(line);
        if (!("value" in parsed)) return parsed;
        values.push(parsed.value);
      }
      return { value: values };
    }),

  list: (options: InputOptions): InputSpec<readonly string[]> =>
    defineInput("list", options, (raw) => ({ value: parseLines(raw) })),

  /** `name=value`, one per line. */
  pairs: (options: InputOptions): InputSpec<Readonly<Record<string, string>>> =>
    defineInput("pairs", options, (raw) => {
      const pairs = parseLines(raw).map((line): readonly [string, string] | string => {
        const at = line.indexOf("=");
        return at > 0 ? [line.slice(0, at).trim(), line.slice(at + 1).trim()] : line;
      });
      const wrong = pairs.find((pair) => typeof pair === "string");
      if (wrong !== undefined) return { error: `"${wrong}" has no "="`, fix: "Write one name=value per line" };
      return { value: Object.fromEntries(pairs.filter((pair) => typeof pair !== "string")) };
    }),

  /** Exactly `true` or `false`: a `True` that silently meant false would open a gate. */
  flag: (options: InputOptions): InputSpec<boolean> =>
    defineInput(
      "flag",
      options,
      (raw) =>
        raw === "true" || raw === "false"
          ? { value: raw === "true" }
          : { error: `"${raw}" is neither true nor false`, fix: 'Write "true" or "false"' },
      { enum: ["true", "false", true, false] },
    ),

  oneOf: <const Choice extends string>(choices: readonly Choice[], options: InputOptions): InputSpec<Choice> =>
    defineInput(
      "oneOf",
      options,
      (raw) => {
        const choice = choices.find((known) => known === raw);
        return choice === undefined
          ? { error: `"${raw}" is not a choice`, fix: `Write one of ${choices.join(", ")}` }
          : { value: choice };
      },
      { enum: choices },
    ),

  integer: (options: InputOptions & { readonly min: number; readonly max: number }): InputSpec<number> =>
    defineInput(
      "integer",
      options,
      (raw) => {
        const value = /^-?\d{1,15}$/.test(raw) ? Number(raw) : Number.NaN;
        return value >= options.min && value <= options.max
          ? { value }
          : {
              error: `"${raw}" is not a whole number from ${options.min} to ${options.max}`,
              fix: `Write a whole number from ${options.min} to ${options.max}`,
            };
      },
      { type: ["integer", "string"], minimum: options.min, maximum: options.max },
    ),

  /** A length of time such as `90s`, `10m` or `1h30m`; the value is in milliseconds. */
  duration: (options: InputOptions): InputSpec<number> =>
    defineInput("duration", options, (raw) => {
      const parts = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(raw);
      const [hours, minutes, seconds] = (parts ?? []).slice(1).map((part) => Number(part ?? 0));
      const value = ((hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)) * 1000;
      return value > 0
        ? { value }
        : { error: `"${raw}" is not a length of time`, fix: "Write for example 90s, 10m or 1h30m" };
    }),

  /** A JSON object that can be passed on as it is written: without a key twice or an integer that would be rounded. */
  json: (options: InputOptions): InputSpec<Readonly<Record<string, unknown>>> =>
    defineInput("json", options, (raw) => parseJsonObject(raw || "{}")),
} as const;

/** The lines of a list input, without empty ones and comments; ` #1.csv` is a part of a name, and ` # text` a comment. */
function parseLines(raw: string): readonly string[] {
  return raw
    .split(/\r?\n/)
    .map((line) => line.replace(/^\s*#.*$|\s#(?:\s.*)?$/, "").trim())
    .filter((line) => line !== "");
}

/** Absolute paths, ways out by `..`, drives and NUL are rejected here; links that lead out, when they are opened. */
function parseWorkspacePath(raw: string): ParseResult<string> {
  // On Linux a shell or a glob would take it for "the character itself", and a Windows path has no such names.
  if (/\\[[\]{}()*?!]/.test(raw)) {
    return {
      error: `"${raw}" has a backslash before a wildcard`,
      fix: "Write the name as it is: a file of exactly that name is covered",
    };
  }
  const written = raw.replaceAll("\\", "/");
  const path = posix.normalize(written);
  if (/^(?:\/|\.\.(?:\/|$)|[a-z]:)/i.test(path) || path.includes("\0")) {
    return { error: `"${raw}" is outside the workspace`, fix: "Write a path relative to the repository's root" };
  }
  // What `..` in a group leads to is not known before the group is taken apart.
  if (/[{(]/.test(written)) return { value: written.replace(/^(?:\.\/)+(?!!)/, "") };
  // `./!name` is a file, and `!name` would leave one out.
  return { value: path.startsWith("!") && !written.startsWith("!") ? `./${path}` : path };
}

const NOT_AN_OBJECT = { error: "it is not a JSON object", fix: 'Write for example {"epochs": 10}' };

function parseJsonObject(raw: string): ParseResult<Readonly<Record<string, unknown>>> {
  try {
    const { value } = readJson(raw, "", "input");
    if (typeof value !== "object" || value === null || Array.isArray(value)) return NOT_AN_OBJECT;
    const rounded = findRoundedInteger(raw);
    if (rounded === undefined) return { value: value as Readonly<Record<string, unknown>> };
    return { error: `the number ${rounded} would become ${Number(rounded)}`, fix: `Put it in quotes: "${rounded}"` };
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    const [problem] = error.problems;
    // What the reader says about the form is about a file.
    return problem === undefined || problem.code === "input-not-json"
      ? NOT_AN_OBJECT
      : { error: problem.message, fix: problem.fix };
  }
}

/** The first integer that JavaScript writes with other digits than it was written with: most beyond 2^53. */
function findRoundedInteger(json: string): string | undefined {
  let found: string | undefined;
  JSON.parse(json.replace(/^\uFEFF/, ""), (_, value: unknown, context?: { readonly source?: string }) => {
    const written = context?.source ?? "";
    if (/^-?\d+$/.test(written) && value !== 0 && String(value) !== written) found ??= written;
    return value;
  });
  return found;
}
