/** Reads the location of a `::error file=…,line=…::` command. Like GitHub's runner, it ignores inconsistent values. */
import { isAbsolute, relative, sep } from "node:path";
import type { AnnotationLocation } from "../log/step-log.ts";

export function readAnnotationLocation(properties: ReadonlyMap<string, string>, workspace: string): AnnotationLocation {
  let line = number(properties.get("line"));
  let endLine = number(properties.get("endline"));
  let column = number(properties.get("col"));
  let endColumn = number(properties.get("endcolumn"));

  line ??= endLine;
  column ??= endColumn;
  const columnsPoint = line !== undefined && (endLine === undefined || endLine === line);
  if (!columnsPoint || (column !== undefined && endColumn !== undefined && endColumn < column)) {
    column = undefined;
    endColumn = undefined;
  }
  if (line !== undefined && endLine !== undefined && endLine < line) {
    line = undefined;
    endLine = undefined;
  }
  const title = properties.get("title");
  const file = properties.get("file");
  return {
    ...(title ? { title } : {}),
    ...(file ? { path: workspaceRelativePath(file, workspace) } : {}),
    ...(line === undefined ? {} : { startLine: line }),
    ...(endLine === undefined ? {} : { endLine }),
    ...(column === undefined ? {} : { startColumn: column }),
    ...(endColumn === undefined ? {} : { endColumn }),
  };
}

/** A path inside the workspace relative to it; any other path unchanged. */
export function workspaceRelativePath(file: string, workspace: string): string {
  if (!isAbsolute(file)) return file;
  const path = relative(workspace, file);
  return path === "" || path.startsWith("..") ? file : path.replaceAll(sep, "/");
}

function number(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*[+-]?\d{1,9}\s*$/.test(text) ? Number(text) : undefined;
}
