/** The folder of the workspace that a model is fetched into, or was put into. */
import { lstat, mkdir, readdir, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import type { FoundEntry } from "../../core/registry/bytes/compare-files.ts";
import { type ActionError, userError } from "../../problem/problem.ts";
import { compileExclusion } from "../files/cover-patterns.ts";
import { toFileError } from "../files/errors.ts";
import { resolvePathToWrite } from "../files/resolve-workspace-path.ts";
import { readFolder } from "./read-folder.ts";

export interface ModelFolder {
  /** Makes it. @returns its absolute path; @throws ActionError `folder-not-empty`, `file-outside-workspace` */
  create(): Promise<string>;
  /** @param ignored patterns of what is no part of the model; @throws ActionError `folder-missing`, `folder-is-link` */
  read(ignored: readonly string[]): Promise<readonly FoundEntry[]>;
  /** Removes it where `create` made it. */
  discard(): Promise<void>;
}

export function openModelFolder(workspace: string, path: string): ModelFolder {
  let created: string | undefined;
  return {
    async create() {
      try {
        const real = await resolvePathToWrite(workspace, path === "" ? "." : path);
        if ((await lstat(real).catch(() => undefined))?.isSymbolicLink()) throw isLink(path);
        await mkdir(real, { recursive: true });
        if ((await readdir(real)).length > 0) throw notEmpty(path);
        created = real;
        return real;
      } catch (error) {
        throw toFileError(path, "written", error);
      }
    },
    async read(ignored) {
      const real = await resolvePathToWrite(workspace, path === "" ? "." : path);
      const stats = await lstat(real).catch(() => undefined);
      if (stats?.isSymbolicLink()) throw isLink(path);
      if (!stats?.isDirectory()) throw missing(path);
      const exclusions = ignored.map((pattern) => compileExclusion(pattern, "."));
      try {
        return await readFolder(await realpath(real), (one) => exclusions.some((isIgnored) => isIgnored(one)));
      } catch (error) {
        throw toFileError(path, "read", error);
      }
    },
    async discard() {
      if (created === undefined) return;
      // What it was made for: nothing else was in it.
      for (const name of await readdir(created)) await rm(join(created, name), { recursive: true, force: true });
    },
  };
}

const notEmpty = (path: string): ActionError =>
  userError({
    code: "folder-not-empty",
    message: "the folder for the model is not empty: what is in it would be deployed, too",
    place: { file: path },
    fix: "Name a folder that does not exist yet",
  });

const missing = (path: string): ActionError =>
  userError({
    code: "folder-missing",
    message: "there is no such folder with the model",
    place: { file: path },
    fix: "Let an earlier step put the model's files there, or leave out from: folder",
  });

const isLink = (path: string): ActionError =>
  userError({
    code: "folder-is-link",
    message: "the folder is a link: what it leads to can be changed after it was compared",
    place: { file: path },
    fix: "Name the folder itself",
  });
