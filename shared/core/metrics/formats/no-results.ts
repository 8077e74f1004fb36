/** Files that are taken for results, but hold none: what they are, and which file to name in their place. */
import { dvcMetricNames } from "../dvc-files.ts";
import { isList, isObject, valueAt } from "./format.ts";

interface NoResult {
  /** To complete "it is …". */
  readonly what: string;
  readonly fix: string;
}

/** @returns `undefined` for anything that may be a result */
export function explainNoResult(value: unknown): NoResult | undefined {
  if (isList(valueAt(value, "cells")) && valueAt(value, "nbformat") !== undefined) {
    return { what: "a Jupyter notebook", fix: 'Let it write a file, for example {"mae": 0.71}, and name that' };
  }
  // Its newest entry may be that of another commit: where a pull request is judged, that of the default branch.
  if (isObject(valueAt(value, "entries")) && valueAt(value, "lastUpdate") !== undefined) {
    return {
      what: "the history that github-action-benchmark keeps, and its newest entry may be another commit's",
      fix: "Name the file that its input output-file-path names",
    };
  }
  const files = dvcMetricNames(value);
  const arePaths = files.every((name) => /^[\w./${}-]*[./][\w./${}-]+$/.test(name));
  if (files.length === 0 || !arePaths) return undefined;
  return { what: "a dvc.yaml, which names files and holds no numbers", fix: `Name ${files.slice(0, 5).join(", ")}` };
}
