/** Finds which files are checked by which trusted contracts. A pull request must not loosen the rules of its own data. */
import type { ActionContext } from "../../shared/action/context.ts";
import { readCheckoutRecordVersion } from "../../shared/adapters/files/checkout-record-version.ts";
import type { WorkspaceFiles } from "../../shared/adapters/files/workspace-files.ts";
import type { GitHub } from "../../shared/adapters/github/github.ts";
import { readFileAtCommit } from "../../shared/adapters/github/read-file-at-commit.ts";
import { findTrustedCommit } from "../../shared/adapters/github/trusted-commit.ts";
import { readTrustedPolicy } from "../../shared/adapters/github/trusted-policy.ts";
import type { CompiledContract } from "../../shared/core/data/compile-contract.ts";
import { type DriftRule, findDriftProblems } from "../../shared/core/data/drift/drift-check.ts";
import type { LeakageRule } from "../../shared/core/data/leakage.ts";
import { readContract } from "../../shared/core/data/read-contract.ts";
import type { ReferenceRule } from "../../shared/core/data/reference-check.ts";
import type { UniqueAcrossRule } from "../../shared/core/data/unique-across.ts";
import { getModelPolicy } from "../../shared/core/policy/require-model.ts";
import { type Problem, userError } from "../../shared/problem/problem.ts";
import type { RecordVersion } from "../../shared/records/record-format.ts";
import { quoteText, throwIfProblems } from "../../shared/text/document/document.ts";
import { describeContractChange } from "./describe-contract-change.ts";

/** Files and the contract that they must satisfy. */
export interface TrustedSet {
  /** Absent where there is only one. */
  readonly name?: string;
  readonly contract: CompiledContract;
  readonly path: string;
  /** The trusted commit it was read from. */
  readonly ref: string;
  readonly digest: string;
  readonly files: readonly string[];
}

export interface TrustedData {
  readonly sets: readonly TrustedSet[];
  readonly leakage: readonly LeakageRule[];
  readonly references: readonly ReferenceRule[];
  readonly unique: readonly UniqueAcrossRule[];
  readonly drift: readonly DriftRule[];
  /** The commit that the data of a change is compared with; undefined where no change is judged. */
  readonly base: string | undefined;
  readonly notes: readonly string[];
  /** The one of several whose data it is. */
  readonly model?: string | undefined;
  /** Of the record. */
  readonly version: RecordVersion;
}

interface DataInputs {
  /** Path of the contract. Empty: the one in the policy. */
  readonly contract: string;
  /** Empty: those in the policy. */
  readonly files: readonly string[];
  /** Empty: the only one. */
  readonly model: string;
}

/** @throws ActionError `contract-not-set`, `files-not-set`, `contract-missing`, `leakage-column`, `reference-column`, `unique-column`, `drift-column`, and every problem of policy and contracts */
export async function resolveTrustedData(
  github: GitHub,
  context: ActionContext,
  files: WorkspaceFiles,
  inputs: DataInputs,
): Promise<TrustedData> {
  const paths = await resolvePaths(github, context, files, inputs);
  const sets: TrustedSet[] = [];
  const notes = [...paths.notes];
  for (const set of paths.sets) {
    const { note, ...trusted } = await readTrustedContract(github, files, set.contract, paths.ref);
    sets.push({ ...trusted, ...(set.name !== undefined && { name: set.name }), files: set.files });
    if (note !== undefined && !notes.includes(note)) notes.push(note);
  }
  throwIfProblems([
    ...paths.leakage.flatMap(({ keys, between }) =>
      between.flatMap((set) => findUnknownKeys("leakage", { set, keys }, sets, paths.path)),
    ),
    ...paths.references.flatMap(({ from, to }) =>
      [from, to].flatMap((side) => findUnknownKeys("references", side, sets, paths.path)),
    ),
    ...paths.unique.flatMap(({ set, keys }) => findUnknownKeys("unique", { set, keys }, sets, paths.path)),
    ...findDriftProblems(paths.drift, sets, paths.path),
  ]);
  const { leakage, references, unique, drift, version, model } = paths;
  return {
    sets,
    leakage,
    references,
    unique,
    drift,
    model,
    base: paths.ref === context.sha ? undefined : paths.ref,
    notes,
    version,
  };
}

async function readTrustedContract(github: GitHub, files: WorkspaceFiles, path: string, ref: string) {
  const trusted = await readFileAtCommit(github, ref, path);
  if (trusted === undefined) {
    throw userError({
      code: "contract-missing",
      message: `there is no ${path} at the trusted commit ${ref.slice(0, 7)}`,
      place: { file: path },
      fix: "First merge the contract into the base branch in a separate pull request",
    });
  }
  const checkoutText = (await files.exists(path)) ? await files.readText(path) : undefined;
  const contract = readContract(trusted.text, path);
  const change = checkoutText === trusted.text ? undefined : describeContractChange(contract, checkoutText, path);
  const note = `${path} is ${change} this checkout; the data was checked against the contract of ${ref.slice(0, 7)}`;
  return { contract, ...{ path, ref, digest: trusted.digest }, note: change === undefined ? undefined : note };
}

interface NamedPaths {
  readonly name?: string;
  readonly contract: string;
  readonly files: readonly string[];
}

/** Takes the paths from the inputs, else from the trusted policy, which need not exist when the inputs give both. */
async function resolvePaths(github: GitHub, context: ActionContext, workspace: WorkspaceFiles, inputs: DataInputs) {
  if (inputs.contract !== "" && inputs.files.length > 0) {
    const { commit } = await findTrustedCommit(github, context);
    const { version, note } = await readCheckoutRecordVersion(workspace);
    const sets: readonly NamedPaths[] = [{ contract: inputs.contract, files: inputs.files }];
    const from = { path: "", ref: commit, version, notes: note === undefined ? [] : [note] };
    return { ...from, sets, ...NOTHING_BETWEEN, unique: [], drift: [], model: inputs.model || undefined };
  }
  const { policy, path, ref, notes } = await readTrustedPolicy(github, context, {
    reader: "check-data",
    model: inputs.model,
  });
  const { data } = getModelPolicy(policy);
  const from = {
    path,
    ref,
    version: policy.version,
    model: policy.chosen,
    notes,
    drift: data?.drift ?? [],
    unique: data?.unique ?? [],
  };
  if (data?.sets !== undefined && inputs.contract === "" && inputs.files.length === 0) {
    const sets = Object.entries(data.sets).map(([name, set]): NamedPaths => ({ name, ...set }));
    return { ...from, sets, leakage: data.leakage ?? [], references: data.references ?? [] };
  }
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
  const sets: readonly NamedPaths[] = [{ contract, files }];
  return { ...from, sets, ...NOTHING_BETWEEN };
}

/** Of one set. */
const NOTHING_BETWEEN = { leakage: [], references: [] } as const;

/** Keys must be columns of the contract: otherwise nothing would be compared. */
function findUnknownKeys(
  rule: "leakage" | "references" | "unique",
  { set, keys }: { readonly set: string | undefined; readonly keys: readonly string[] },
  sets: readonly TrustedSet[],
  file: string,
): readonly Problem[] {
  const compared = sets.filter(({ name }) => name === set);
  return compared.flatMap(({ contract, path }) =>
    keys
      .filter((key) => !contract.columns.some((column) => column.name === key))
      .map((key) => ({
        code: `${rule === "references" ? "reference" : rule}-column`,
        message: `data.${rule} compares ${set === undefined ? "the files" : `the set ${set}`} by ${quoteText(key)}, which its contract ${path} does not have`,
        place: { file },
        fix: "Name columns that the contract has",
      })),
  );
}
