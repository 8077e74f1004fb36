/** Dictionaries as Python prints them: `{'loss': 0.5, 'f1': np.float64(0.9)}`, one on each line of a training's log. */
import { readForeignYaml } from "../../../text/yaml/parse-foreign-yaml.ts";
import { isObject } from "./format.ts";

const MAX_TEXT = 1024 * 1024;
const SCALAR =
  /\b(?:(?:np|numpy|jnp|torch)\.)?(?:u?int\d+|float\d+|bool_?|tensor|array)\(\s*([^()\s,]+)(?:,\s*dtype=[\w.]+)?\s*\)/g;

/** @returns one of them as it is, and several as a list; `undefined` for anything else */
export function readPythonObjects(text: string): unknown {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const written = lines.filter((line) => line !== "");
  if (text.length > MAX_TEXT || !/^\{\s*'/.test(text.trim())) return undefined;
  const areLines = written.every((line) => line.startsWith("{") && line.endsWith("}"));
  const values = (areLines ? written : [text]).map(parse);
  if (!values.every(isObject)) return undefined;
  return values.length === 1 ? values[0] : values;
}

/** It is YAML's flow style, but for the types of NumPy and PyTorch around numbers. */
const parse = (text: string): unknown => readForeignYaml(text.replace(SCALAR, "$1"), MAX_TEXT).value;
