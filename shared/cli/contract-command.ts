/** The commands about contracts. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFileCheck } from "../adapters/data/check-file.ts";
import { createWorkspaceFiles } from "../adapters/files/create-workspace-files.ts";
import { skippedNotes, toProblems } from "../core/data/build-data-report.ts";
import { diffContracts } from "../core/data/change/diff-contracts.ts";
import { ContractDraft } from "../core/data/infer/contract-draft.ts";
import { readContract } from "../core/data/read-contract.ts";
import { formatProblem, userError } from "../problem/problem.ts";
import type { CommandContext, CommandResult } from "./command.ts";

/** @param path of a CSV file @throws ActionError with the place of what is wrong */
export async function infer(path: string, { folder }: CommandContext): Promise<CommandResult> {
  const files = createWorkspaceFiles(folder);
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
  const text = draft.end();
  return { text, value: { contract: text }, code: 0 };
}

/** @param patterns paths or globs of data files */
export async function check(
  path: string,
  patterns: readonly string[],
  { folder, signal, now }: CommandContext,
): Promise<CommandResult> {
  const files = createWorkspaceFiles(folder);
  const contract = readContract(await files.readText(path), path);
  const { paths } = await files.cover(patterns);
  const temporary = await mkdtemp(join(tmpdir(), "contract-"));
  try {
    const checkFile = createFileCheck(files, { temporary, signal, now: () => now.getTime() });
    const notes = skippedNotes({ path, contract });
    const lines = notes.map((note) => `note: ${note}`);
    const checkedFiles = [];
    let failed = false;
    for (const each of paths) {
      const { file, checked } = await checkFile(each, { contract, observers: [] }, () => undefined);
      const { rows, format, ...rest } = checked;
      const problems = toProblems([{ file: { ...file, rows, ...(format && { format }) }, ...rest }]);
      failed ||= problems.some(({ severity }) => severity === "fail");
      checkedFiles.push({ file: each, rows, problems, notes: rest.notes });
      lines.push(`${each}: ${rows} ${rows === 1 ? "row" : "rows"}, ${problems.length} found`);
      lines.push(...rest.notes.map((note) => `  note: ${note}`));
      lines.push(
        ...problems.map(
          ({ severity, problem }) => `  ${severity === "warn" ? "warning: " : ""}${formatProblem(problem)}`,
        ),
      );
    }
    const text = lines.map((line) => `${line}\n`).join("");
    return { text, value: { notes, files: checkedFiles }, code: failed ? 1 : 0 };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

export async function diff(before: string, after: string, { folder }: CommandContext): Promise<CommandResult> {
  const files = createWorkspaceFiles(folder);
  const [old, now] = [await files.readText(before), await files.readText(after)];
  const changes = diffContracts(readContract(old, before), readContract(now, after));
  const lines = changes.map(
    ({ kind, column, text }) => `${kind.padEnd(7)} ${column === null ? "" : `${column} `}${text}\n`,
  );
  return { text: lines.length === 0 ? "nothing changes\n" : lines.join(""), value: changes, code: 0 };
}
