/** One case of bad input, as in its YAML file. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readYaml } from "../../../shared/text/yaml/read-yaml.ts";

export interface BadInputCase {
  readonly name: string;
  readonly action: string;
  /** On top of the defaults of `action.yml`. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Files of the repository that differ from the valid ones; `null`: missing. */
  readonly repository?: FileChanges;
  /** Files in the workspace that are not committed. */
  readonly files?: FileChanges;
  /** The same, as hex digits. */
  readonly bytes?: Readonly<Record<string, string>>;
  /** Symbolic links in the workspace. */
  readonly links?: Readonly<Record<string, string>>;
  /** Permissions of the job's token; all of them by default. */
  readonly permissions?: Readonly<Record<string, "read" | "write">>;
  readonly network?: "none";
  /** The runner cancels the job once this file exists. */
  readonly "cancel-when"?: string;

  // The expected result.
  /** Of the first message. */
  readonly code: string;
  /** Of the last message, when there are several. */
  readonly "last-code"?: string;
  readonly exit: number;
  /** `file`, `file:line` or `file:line:column` of the first message. */
  readonly place?: string;
  /** Part of the message. */
  readonly says?: string;
  readonly outputs?: Readonly<Record<string, string>>;
}

export type FileChanges = Readonly<Record<string, string | null>>;

const folder = fileURLToPath(new URL("../../cases/bad-input/", import.meta.url));

export function readBadInputCases(): readonly BadInputCase[] {
  return readdirSync(folder).flatMap(
    (file) => readYaml(readFileSync(`${folder}${file}`, "utf8"), file).value as readonly BadInputCase[],
  );
}
