/** Finds the trusted contract. A pull request must not loosen the rules that its own data is checked against. */
import type { ActionContext } from "../../shared/action/context.ts";
import { readCheckoutRecordVersion } from "../../shared/adapters/files/checkout-record-version.ts";
import type { WorkspaceFiles } from "../../shared/adapters/files/workspace-files.ts";
import type { GitHub } from "../../shared/adapters/github/github.ts";
import { readFileAtCommit } from "../../shared/adapters/github/read-file-at-commit.ts";
import { findTrustedCommit } from "../../shared/adapters/github/trusted-commit.ts";
import { readTrustedPolicy } from "../../shared/adapters/github/trusted-policy.ts";
import type { CompiledContract } from "../../shared/core/data/compile-contract.ts";
import { readContract } from "../../shared/core/data/read-contract.ts";
import { getModelPolicy } from "../../shared/core/policy/require-model.ts";
import { userError } from "../../shared/problem/problem.ts";
import type { RecordVersion } from "../../shared/records/record-format.ts";

export interface TrustedContract {
  readonly contract: CompiledContract;
  readonly path: string;
  /** The trusted commit it was read from. */
  readonly ref: string;
  readonly digest: string;
  readonly files: readonly string[];
  readonly notes: readonly string[];
  /** Of the record. */
  readonly version: RecordVersion;
}

interface ContractInputs {
  /** Path of the contract. Empty: the one in the policy. */
  readonly contract: string;
  /** Empty: those in the policy. */
  readonly files: readonly string[];
}

/** @throws ActionError `contract-not-set`, `files-not-set`, `contract-missing`, and every problem of policy and contract */
export async function resolveTrustedContract(
  github: GitHub,
  context: ActionContext,
  files: WorkspaceFiles,
  inputs: ContractInputs,
): Promise<TrustedContract> {
  const paths = await resolvePaths(github, context, files, inputs);
  const trusted = await readFileAtCommit(github, paths.ref, paths.contract);
  if (trusted === undefined) {
    throw userError({
      code: "contract-missing",
      message: `there is no ${paths.contract} at the trusted commit ${paths.ref.slice(0, 7)}`,
      place: { file: paths.contract },
      fix: "First merge the contract into the base branch in a separate pull request",
    });
  }
  const checkoutText = (await files.exists(paths.contract)) ? await files.readText(paths.contract) : undefined;
  const difference = checkoutText === undefined ? "not in" : "changed in";
  const note = `${paths.contract} is ${difference} this checkout; the data was checked against the contract of ${paths.ref.slice(0, 7)}`;
  return {
    contract: readContract(trusted.text, paths.contract),
    path: paths.contract,
    ref: paths.ref,
    digest: trusted.digest,
    files: paths.files,
    version: paths.version,
    notes: checkoutText === trusted.text ? paths.notes : [...paths.notes, note],
  };
}

/** Takes the paths from the inputs, else from the trusted policy, which need not exist when the inputs give both. */
async function resolvePaths(github: GitHub, context: ActionContext, workspace: WorkspaceFiles, inputs: ContractInputs) {
  if (inputs.contract !== "" && inputs.files.length > 0) {
    const { commit } = await findTrustedCommit(github, context);
    const { version, note } = await readCheckoutRecordVersion(workspace);
    return { ...inputs, ref: commit, version, notes: note === undefined ? [] : [note] };
  }
  const { policy, path, ref, notes } = await readTrustedPolicy(github, context, { reader: "check-data" });
  const { data } = getModelPolicy(policy);
  const contract = inputs.contract || data?.contract;
  const files = inputs.files.length > 0 ? inputs.files : data?.files;
  if (contract === undefined || files === undefined) {
    const missing = contract === undefined ? "contract" : "files";
    throw userError({
      code: `${missing}-not-set`,
      message: `neither the input ${missing} nor data.${missing} of the policy is set`,
      place: { file: path },
      fix: `Set the input, or add ${missing}: under data: in the policy of the base branch`,
    });
  }
  return { contract, files, ref, version: policy.version, notes };
}
