/** The commands about contracts. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFileCheck } from "../adapters/data/check-file.ts";
import { createWorkspaceFiles } from "../adapters/files/create-workspace-files.ts";
import type { WorkspaceFiles } from "../adapters/files/workspace-files.ts";
import { skippedNotes, toProblems } from "../core/data/build-data-report.ts";
import { diffContracts } from "../core/data/change/diff-contracts.ts";
import { ContractDraft } from "../core/data/infer/contract-draft.ts";
import { readContract } from "../core/data/read-contract.ts";
import { formatProblem, userError } from "../problem/problem.ts";

export interface CommandResult {
  /** What it prints. */
  readonly text: string;
  readonly code: 0 | 1;
}

const USAGE = `usage:
  infer FILE            drafts a contract from a CSV file
  check CONTRACT FILE…  checks files or globs against a contract
  diff OLD NEW          says what changes from one contract to another
`;

/** @param folder absolute path; all files must be in it. @throws ActionError for what the caller can put right */
export async function runContractCommand(words: readonly string[], folder: string): Promise<CommandResult> {
  const files = createWorkspaceFiles(folder);
  const [command, first, ...rest] = words;
  if (command === "infer" && first !== undefined && rest.length === 0) return infer(files, first);
  if (command === "check" && first !== undefined && rest.length > 0) return check(files, first, rest);
  const [second, ...more] = rest;
  if (command === "diff" && first !== undefined && second !== undefined && more.length === 0) {
    return diff(files, first, second);
  }
  return { text: USAGE, code: 1 };
}

async function infer(files: WorkspaceFiles, path: string): Promise<CommandResult> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let draft: ContractDraft | undefined;
  try {
    for await (const chunk of files.stream(path)) {
      const text = decoder.decode(chunk, { stream: true });
      draft ??= new ContractDraft(text);
      draft.push(text);
    }
    draft?.push(decoder.decode());
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const fix = "Save it as UTF-8, or write the contract by hand with csv.encoding";
    throw userError({ code: "file-not-utf8", message: "it is not UTF-8", place: { file: path }, fix });
  }
  if (draft === undefined) {
    throw userError({
      code: "file-empty",
      message: "it is empty",
      place: { file: path },
      fix: "Name a file with rows",
    });
  }
  return { text: draft.end(), code: 0 };
}

async function check(files: WorkspaceFiles, path: string, patterns: readonly string[]): Promise<CommandResult> {
  const contract = readContract(await files.readText(path), path);
  const { paths } = await files.cover(patterns);
  const temporary = await mkdtemp(join(tmpdir(), "contract-"));
  try {
    const checkFile = createFileCheck(files, { temporary, signal: new AbortController().signal });
    const lines = skippedNotes({ path, contract }).map((note) => `note: ${note}`);
    let failed = false;
    for (const each of paths) {
      const { file, checked } = await checkFile(each, { contract, observers: [] }, () => undefined);
      const { rows, ...rest } = checked;
      const problems = toProblems([{ file: { ...file, rows }, ...rest }]);
      failed ||= problems.some(({ severity }) => severity === "fail");
      lines.push(`${each}: ${rows} ${rows === 1 ? "row" : "rows"}, ${problems.length} found`);
      lines.push(...rest.notes.map((note) => `  note: ${note}`));
      lines.push(
        ...problems.map(
          ({ severity, problem }) => `  ${severity === "warn" ? "warning: " : ""}${formatProblem(problem)}`,
        ),
      );
    }
    return { text: lines.map((line) => `${line}\n`).join(""), code: failed ? 1 : 0 };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function diff(files: WorkspaceFiles, before: string, after: string): Promise<CommandResult> {
  const [old, now] = [await files.readText(before), await files.readText(after)];
  const changes = diffContracts(readContract(old, before), readContract(now, after));
  const lines = changes.map(
    ({ kind, column, text }) => `${kind.padEnd(7)} ${column === null ? "" : `${column} `}${text}\n`,
  );
  return { text: lines.length === 0 ? "nothing changes\n" : lines.join(""), code: 0 };
}
