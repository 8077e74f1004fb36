/** The metric files that a `dvc.yaml` lists, so that naming it is enough. */
import { userError } from "../../problem/problem.ts";
import { quoteText } from "../../text/document/document.ts";
import { readForeignYaml } from "../../text/yaml/parse-foreign-yaml.ts";
import { isList, isObject, valueAt } from "./formats/format.ts";

/** Whether a path is that of a `dvc.yaml`, and no pattern. */
export const isDvcFile = (path: string): boolean => /^(?:[^!*?[\]{}]*\/)?dvc\.ya?ml$/.test(path);

const MAX_TEXT = 1024 * 1024;

/**
 * @param path of the `dvc.yaml`: its own paths are relative to its folder
 * @returns relative to the workspace, each once
 * @throws ActionError `metrics-not-yaml`, `metrics-empty` where it lists none, `metrics-dvc-template` for a path that only DVC can fill in
 */
export function listDvcMetricFiles(text: string, path: string): readonly string[] {
  const read = readForeignYaml(text, MAX_TEXT);
  if ("problem" in read) {
    const place = { file: path, ...(read.line !== undefined && { line: read.line }) };
    throw userError({
      code: "metrics-not-yaml",
      message: `it is not YAML: ${read.problem}`,
      place,
      fix: "Correct it here",
    });
  }
  const names = dvcMetricNames(read.value);
  const fix = "Name the files themselves";
  if (names.length === 0) {
    throw userError({ code: "metrics-empty", message: "it lists no metric files", place: { file: path }, fix });
  }
  const template = names.find((name) => name.includes("${"));
  if (template !== undefined) {
    const message = `it names ${quoteText(template)}, which only DVC can fill in`;
    throw userError({ code: "metrics-dvc-template", message, place: { file: path }, fix });
  }
  return names.map((name) => joinPath(path, name));
}

/** As they are written, each once: at the top and for each stage, whose own are relative to its working folder. */
export function dvcMetricNames(value: unknown): readonly string[] {
  const stages = valueAt(value, "stages");
  const parts = [value, ...(isObject(stages) ? Object.values(stages) : [])].flatMap((part) => [
    part,
    valueAt(part, "do"),
  ]);
  const found = parts.flatMap((part) => {
    const [list, folder] = [valueAt(part, "metrics"), valueAt(part, "wdir")];
    // An entry is a path, or an object whose key is the path, with options.
    const entries = (isList(list) ? list : []).flatMap((entry) => (isObject(entry) ? Object.keys(entry) : [entry]));
    const names = entries.filter((name): name is string => typeof name === "string" && name !== "");
    return typeof folder === "string" ? names.map((name) => `${folder}/${name}`) : names;
  });
  return [...new Set(found)];
}

/** `models/a/dvc.yaml` and `../b.json` are `models/b.json`; a path that leads out stays one, and no file is found there. */
function joinPath(path: string, name: string): string {
  const parts: string[] = [];
  for (const part of [...path.split("/").slice(0, -1), ...name.split("/")]) {
    const isBack = part === ".." && parts.length > 0 && parts.at(-1) !== "..";
    if (isBack) parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}
