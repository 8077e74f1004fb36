/** What differs between the parameters and data pointers that two commits have in git: to be shown, and to decide nothing. */
import { parse as parseToml } from "smol-toml";
import type { Verdict } from "../../records/verdict.ts";
import { parseForeignYaml } from "../../text/yaml/parse-foreign-yaml.ts";

/** A file at both commits; `undefined`: that one does not have it. */
export interface FilePair {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

type Change = NonNullable<NonNullable<Verdict["changes"]>["params"]>[number];

/** More files are no parameters of one model any more, and each takes two requests. */
export const MAX_PARAM_FILES = 3;
const MAX_LENGTH = 256 * 1024;
const MAX_DEPTH = 8;
const MAX_VALUES = 10_000;
const MAX_ITEMS = 40;
const MAX_CHANGES = 100;
const MAX_VALUE_LENGTH = 80;

/** As DVC, and people without it, call them: `params.yaml`, `hparams.json`, `dvc.lock`, `data/train.csv.dvc`. */
export const isParamFile = (path: string): boolean =>
  /(?:^|\/)(?:(?:params|hparams|hyperparams|hyperparameters)\.(?:ya?ml|json|toml)|dvc\.lock|[^/]+\.dvc)$/.test(path);

/** The files say whatever their authors like. What cannot be read has nothing to show. */
export function compareParams(files: readonly FilePair[]): readonly Change[] {
  const changes = files.flatMap(({ path, before, after }) => {
    const [from, to] = [before, after].map((text) => readValues(path, text));
    if (from === undefined || to === undefined) return [];
    return [...new Set([...from.keys(), ...to.keys()])].flatMap((name): Change[] => {
      const change = { name, before: from.get(name) ?? null, after: to.get(name) ?? null };
      return change.before === change.after ? [] : [change];
    });
  });
  // `dvc.lock` repeats what a params file says.
  return [...new Map(changes.map((change) => [JSON.stringify(change), change])).values()].slice(0, MAX_CHANGES);
}

/** By dotted name. @returns `undefined`: it cannot be read */
function readValues(path: string, text: string | undefined): ReadonlyMap<string, string> | undefined {
  if (text === undefined) return new Map();
  const root = parse(path, text);
  if (!isObject(root)) return undefined;
  if (path.endsWith(".dvc")) return new Map(few(readPointers(root["outs"])));
  if (path.endsWith("dvc.lock")) return new Map(few(readStages(root["stages"])));
  return new Map(few(flatten(root)));
}

/** An alias of YAML repeats what it names: a short file can have more values than there is memory. */
function* few<T>(values: Iterable<T>): Generator<T> {
  let left = MAX_VALUES;
  for (const value of values) {
    if (left === 0) return;
    left -= 1;
    yield value;
  }
}

function parse(path: string, text: string): unknown {
  if (text.length > MAX_LENGTH) return undefined;
  try {
    if (path.endsWith(".json")) return JSON.parse(text);
    return path.endsWith(".toml") ? parseToml(text) : parseForeignYaml(text, MAX_LENGTH);
  } catch {
    return undefined;
  }
}

function* flatten(value: unknown, name = "", depth = 0): Generator<[string, string]> {
  if (isObject(value) && depth < MAX_DEPTH) {
    for (const [key, inner] of Object.entries(value))
      yield* flatten(inner, name === "" ? key : `${name}.${key}`, depth + 1);
  } else
    yield [
      name,
      shorten(Array.isArray(value) ? `[${value.slice(0, MAX_ITEMS).map(toText).join(", ")}]` : toText(value)),
    ];
}

const toText = (value: unknown): string => (typeof value === "object" && value !== null ? "…" : String(value));

const shorten = (text: string): string =>
  text.length <= MAX_VALUE_LENGTH ? text : `${text.slice(0, MAX_VALUE_LENGTH - 1).toWellFormed()}…`;

/** Of each stage its parameters, and what it reads that is no program. */
function* readStages(stages: unknown): Generator<[string, string]> {
  if (!isObject(stages)) return;
  for (const stage of Object.values(stages).filter(isObject)) {
    if (isObject(stage["params"])) for (const values of Object.values(stage["params"])) yield* flatten(values);
    yield* readPointers(stage["deps"]);
  }
}

const PROGRAM = /\.(?:py|ipynb|r|jl|sh|m?[jt]s|ya?ml|toml|json|cfg)$/i;

/** `data/train.csv` `1a2b3c4 (12345 bytes)` */
function* readPointers(list: unknown): Generator<[string, string]> {
  if (!Array.isArray(list)) return;
  for (const { path, md5, size } of list.filter(isObject))
    if (typeof path === "string" && typeof md5 === "string" && !PROGRAM.test(path))
      yield [path, shorten(`${md5.slice(0, 7)}${typeof size === "number" ? ` (${size} bytes)` : ""}`)];
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
