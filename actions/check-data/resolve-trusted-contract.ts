/** Finds the contract that counts. A pull request must not loosen the rules its own data is held to. */
import type { ActionContext } from "../../shared/action/context.ts";
import type { WorkspaceFiles } from "../../shared/adapters/files/workspace-files.ts";
import type { GitHub } from "../../shared/adapters/github/github.ts";
import { readFileAtCommit } from "../../shared/adapters/github/read-file-at-commit.ts";
import { findTrustedCommit } from "../../shared/adapters/github/trusted-commit.ts";
import { readTrustedPolicy } from "../../shared/adapters/github/trusted-policy.ts";
import type { Contract } from "../../shared/core/data/contract.ts";
import { readContract } from "../../shared/core/data/read-contract.ts";
import { userError } from "../../shared/problem/problem.ts";

export interface TrustedContract {
  readonly contract: Contract;
  readonly path: string;
  /** The trusted commit it was read from. */
  readonly ref: string;
  readonly digest: string;
  readonly files: readonly string[];
  readonly notes: readonly string[];
}

interface ContractInputs {
  /** The contract's path; the empty string: what the policy says. */
  readonly contract: string;
  /** Empty: what the policy says. */
  readonly files: readonly string[];
}

/** @throws ActionError `contract-not-set`, `files-not-set`, `contract-missing`, and every problem of policy and contract */
export async function resolveTrustedContract(
  github: GitHub,
  context: ActionContext,
  files: WorkspaceFiles,
  wanted: ContractInputs,
): Promise<TrustedContract> {
  const named = await resolvePaths(github, context, wanted);
  const trusted = await readFileAtCommit(github, named.ref, named.contract);
  if (trusted === undefined) {
    throw userError({
      code: "contract-missing",
      message: `there is no ${named.contract} at the trusted commit ${named.ref.slice(0, 7)}`,
      place: { file: named.contract },
      fix: "Merge the contract to the base branch in a pull request of its own first",
    });
  }
  const here = (await files.exists(named.contract)) ? await files.readText(named.contract) : undefined;
  const note = `${named.contract} is ${here === undefined ? "not in" : "changed in"} this checkout; the data was held to the contract of ${named.ref.slice(0, 7)}`;
  return {
    contract: readContract(trusted.text, named.contract),
    path: named.contract,
    ref: named.ref,
    digest: trusted.digest,
    files: named.files,
    notes: here === trusted.text ? named.notes : [...named.notes, note],
  };
}

/** What inputs name, and for the rest the trusted policy, which need not exist where the inputs say it all. */
async function resolvePaths(github: GitHub, context: ActionContext, wanted: ContractInputs) {
  if (wanted.contract !== "" && wanted.files.length > 0) {
    const { commit } = await findTrustedCommit(github, context);
    return { ...wanted, ref: commit, notes: [] };
  }
  const { policy, path, ref, notes } = await readTrustedPolicy(github, context);
  const contract = wanted.contract || policy.data?.contract;
  const files = wanted.files.length > 0 ? wanted.files : policy.data?.files;
  if (contract === undefined || files === undefined) {
    const missing = contract === undefined ? "contract" : "files";
    throw userError({
      code: `${missing}-not-set`,
      message: `neither the input ${missing} nor data.${missing} of the policy is set`,
      place: { file: path },
      fix: `Set the input, or write data: with ${missing}: in the policy of the base branch`,
    });
  }
  return { contract, files, ref, notes };
}
