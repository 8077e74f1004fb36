/** The data files as they are at the base commit, read through GitHub's API, which a pull request cannot change. */
import { createHash } from "node:crypto";
import * as z from "zod";
import type { BaseData, BaseFile } from "../../core/data/base-data.ts";
import { userError } from "../../problem/problem.ts";
import { compilePattern } from "../files/compile-pattern.ts";
import type { GitHub } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";
import { createDecoder, PlainDecoder, packingOf } from "./content-decoder.ts";
import { UnpackLimit } from "./unpack-limit.ts";

/** A file comes in one response, as text in base64. */
const MAX_BYTES = 50 * 1024 * 1024;

const tree = z.object({
  truncated: z.boolean().optional(),
  tree: z.array(z.object({ path: z.string(), type: z.string(), sha: z.string(), size: z.number().optional() })),
});
const blob = z.object({ encoding: z.literal("base64"), content: z.string() });

export function createBaseData(github: GitHub, commit: string, signal: AbortSignal): BaseData {
  const { repository, rest } = github;
  let listed: Promise<readonly BaseFile[]> | undefined;

  async function listAll(): Promise<readonly BaseFile[]> {
    const { data } = await rest.git.getTree({ ...repository, tree_sha: commit, recursive: "1" });
    const files = parseResponse(tree, data, `the files of ${commit}`);
    if (files.truncated === true) throw unreadable("the base commit has more files than GitHub lists");
    return files.tree
      .filter(({ type }) => type === "blob")
      .map(({ path, sha, size = 0 }) => ({ path, id: sha, bytes: size }));
  }

  async function readBytes({ path, id, bytes }: BaseFile): Promise<Uint8Array> {
    if (bytes > MAX_BYTES) throw unreadable(`${path} is larger than ${MAX_BYTES / 1024 / 1024} MiB there`);
    const { data } = await rest.git.getBlob({ ...repository, file_sha: id });
    const { content } = parseResponse(blob, data, `the content of ${path} at ${commit}`);
    const read = Buffer.from(content, "base64");
    // Git names a file by its bytes: what has this name is what the base commit has.
    if (createHash("sha1").update(`blob ${read.length}\0`).update(read).digest("hex") !== id) {
      throw unreadable(`GitHub's response for ${path} is not the file that the commit names`);
    }
    return read;
  }

  return {
    commit,
    async list(patterns) {
      listed ??= listAll();
      const matches = patterns.map((pattern) => compilePattern(pattern.replace(/^\.\//, "").replace(/\/+$/, "")));
      const isCovered = (path: string): boolean =>
        prefixesOf(path).some((prefix) => matches.some((matchesPrefix) => matchesPrefix(prefix)));
      return (await listed).filter(({ path }) => isCovered(path));
    },
    async read(file, take, maxRatio) {
      signal.throwIfAborted();
      const bytes = await readBytes(file);
      const packing = packingOf(bytes);
      const decoder =
        packing === undefined
          ? new PlainDecoder(async (content) => take(content))
          : createDecoder(packing, take, new UnpackLimit(maxRatio));
      await decoder.push(bytes);
      const trouble = await decoder.end();
      return { digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}`, trouble };
    },
  };

  function unreadable(what: string) {
    return userError({
      code: "base-data-unreadable",
      message: `the data of the base commit ${commit.slice(0, 7)} cannot be compared: ${what}`,
      fix: "Compare smaller files, or remove data.drift from the policy",
    });
  }
}

/** A pattern that matches a folder covers what is in it. */
const prefixesOf = (path: string): readonly string[] => {
  const names = path.split("/");
  return names.map((_, at) => names.slice(0, at + 1).join("/"));
};
