/** What the command line says about secrets, variables, environments and actions. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseEnv } from "node:util";
import type { EnvironmentOptions } from "./surface/options.ts";

type NamedTexts = Readonly<Record<string, string>>;

/** `NAME=text`, one a line, as in a `.env` file; nothing where there is no file. */
export const readNamedTexts = (file: string): NamedTexts =>
  existsSync(file) ? (parseEnv(readFileSync(file, "utf8")) as NamedTexts) : {};

/** @throws Error for one that is not `NAME=text` */
export const parseNamedTexts = (texts: readonly string[], option: string): NamedTexts =>
  Object.fromEntries(
    texts.map((text) => {
      const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(text) ?? [];
      if (name === undefined) throw new Error(`${option} takes NAME=text, and not "${text}"`);
      return [name, value ?? ""];
    }),
  );

/** `production=alice,bob`, or a name alone for one that waits for nobody. */
export function parseEnvironment(text: string): readonly [string, EnvironmentOptions] {
  const [name = "", reviewers = ""] = text.split("=");
  const logins = reviewers.split(",").filter((login) => login !== "");
  if (name === "") throw new Error(`--environment takes name=reviewer,reviewer, and not "${text}"`);
  return [name, logins.length === 0 ? {} : { reviewers: logins }];
}

export interface ActionArgument {
  /** `owner/name`. */
  readonly repository: string;
  readonly tag: string;
  readonly folder: string;
}

/** `owner/name@v1=path/to/action` @throws Error for anything else, and for a commit, which no folder can have */
export function parseAction(text: string): ActionArgument {
  const [, repository, tag, folder] = /^([\w.-]+\/[\w.-]+)@([\w./-]+)=(.+)$/.exec(text) ?? [];
  if (repository === undefined || tag === undefined || folder === undefined) {
    throw new Error(`--action takes owner/name@ref=folder, and not "${text}"`);
  }
  if (/^[0-9a-f]{40}$/.test(tag))
    throw new Error(`--action ${repository}: a folder cannot be the commit ${tag}; name a tag`);
  return { repository, tag, folder: resolve(folder) };
}
