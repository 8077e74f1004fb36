/** For the reviewer of a change that edits a contract: whether it lets more data pass, or less. */
import { diffContracts } from "../../shared/core/data/change/diff-contracts.ts";
import type { CompiledContract } from "../../shared/core/data/compile-contract.ts";
import { readContract } from "../../shared/core/data/read-contract.ts";
import { ActionError } from "../../shared/problem/problem.ts";

/** More are not read in a note. */
const MAX_CHANGES = 10;

/**
 * @param text of the contract as the change has it; undefined where it has none
 * @returns completing "the contract is … this checkout"
 */
export function describeContractChange(trusted: CompiledContract, text: string | undefined, path: string): string {
  if (text === undefined) return "not in";
  try {
    return `changed${listChanges(trusted, readContract(text, path))} in`;
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    return `changed to something that cannot be used (${error.problems[0]?.message}) in`;
  }
}

function listChanges(before: CompiledContract, after: CompiledContract): string {
  const changes = diffContracts(before, after).map(
    ({ column, kind, text }) => `${kind === "other" ? "" : `${kind}: `}${column === null ? "" : `${column} `}${text}`,
  );
  if (changes.length === 0) return "";
  const more = changes.length > MAX_CHANGES ? `; and ${changes.length - MAX_CHANGES} more` : "";
  return ` (${changes.slice(0, MAX_CHANGES).join("; ")}${more})`;
}
