/** Reads a picture that can be shown without running or fetching anything. */
import { userError } from "../../problem/problem.ts";
import type { WorkspaceFiles } from "./workspace-files.ts";

/** 8 MiB: a larger one fits into no report. */
const MAX_BYTES = 8 * 1024 * 1024;
const PNG_SIGNATURE = Buffer.from("89504e470d0a1a0a", "hex");

/**
 * @returns a `data:` address for an `<img>`: an SVG there runs no script and fetches nothing
 * @throws ActionError `picture-unknown`, and as `WorkspaceFiles.read`
 */
export async function readPicture(files: Pick<WorkspaceFiles, "read">, path: string): Promise<string> {
  const bytes = Buffer.from(await files.read(path, MAX_BYTES));
  const kind = bytes.subarray(0, 8).equals(PNG_SIGNATURE) ? "png" : isSvg(bytes) ? "svg+xml" : undefined;
  if (kind !== undefined) return `data:image/${kind};base64,${bytes.toString("base64")}`;
  throw userError({
    code: "picture-unknown",
    message: "it is neither PNG nor SVG, or an SVG that declares entities",
    place: { file: path },
    fix: "Save the picture as PNG or as plain SVG",
  });
}

/** Entities can make a small file as large as memory. */
function isSvg(bytes: Buffer): boolean {
  const text = bytes.toString("utf8");
  if (text.includes("<!ENTITY")) return false;
  let rest = text.replace(/^\uFEFF/, "").trimStart();
  // Before the root: the declaration, comments and a document type.
  for (const [begin, end] of [
    ["<?", "?>"],
    ["<!--", "-->"],
    ["<!DOCTYPE", ">"],
    ["<!--", "-->"],
  ] as const) {
    while (rest.startsWith(begin)) {
      const at = rest.indexOf(end);
      if (at < 0) return false;
      rest = rest.slice(at + end.length).trimStart();
    }
  }
  return /^<svg[\s>]/.test(rest);
}
