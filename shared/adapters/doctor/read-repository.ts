/** Reads what the doctor examines of a checkout. */

import { readContract } from "../../core/data/read-contract.ts";
import type { FoundPolicy, RepositoryFacts } from "../../core/doctor/facts.ts";
import { type Finding, finding } from "../../core/doctor/finding.ts";
import { readWorkflow, type Workflow } from "../../core/doctor/workflow.ts";
import { findMisplacedPolicy } from "../../core/policy/misplaced-policy.ts";
import { POLICY_PATH } from "../../core/policy/policy.ts";
import { readWholePolicy } from "../../core/policy/read-policy.ts";
import { ActionError, type Problem } from "../../problem/problem.ts";
import type { WorkspaceFiles } from "../files/workspace-files.ts";

export interface ReadRepository extends Pick<RepositoryFacts, "workflows" | "policy" | "codeOwners" | "isFile"> {
  /** What could not be read: each is an error of its own. */
  readonly unreadable: readonly Finding[];
}

/** GitHub looks for the file in this order, and takes the first. */
const CODE_OWNERS = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"] as const;

export async function readRepository(files: WorkspaceFiles): Promise<ReadRepository> {
  const unreadable: Problem[] = [];
  const workflows = await readWorkflows(files, unreadable);
  const policy = await readPolicyFile(files, unreadable);
  const contracts = policy.kind === "valid" ? listContracts(policy) : [];
  const present = new Set<string>();
  for (const path of contracts) {
    if (!(await files.exists(path))) continue;
    present.add(path);
    const text = await files.readText(path).catch(keep(unreadable));
    if (text !== undefined) attempt(() => readContract(text, path), unreadable);
  }
  return {
    ...{ workflows, policy, codeOwners: await readCodeOwners(files) },
    isFile: (path) => present.has(path),
    unreadable: unreadable.map((problem) => finding("error", problem)),
  };
}

async function readWorkflows(files: WorkspaceFiles, unreadable: Problem[]): Promise<readonly Workflow[]> {
  const paths = await listIfAny(files, [".github/workflows/*.yml", ".github/workflows/*.yaml"]);
  const read: Workflow[] = [];
  for (const path of paths) {
    const text = await files.readText(path).catch(keep(unreadable));
    const workflow = text === undefined ? undefined : attempt(() => readWorkflow(text, path), unreadable);
    if (workflow !== undefined) read.push(workflow);
  }
  return read;
}

async function readPolicyFile(files: WorkspaceFiles, unreadable: Problem[]): Promise<FoundPolicy> {
  if (!(await files.exists(POLICY_PATH))) {
    const other = findMisplacedPolicy(await listIfAny(files, [".github/*", "*"]));
    if (other === undefined) return { kind: "missing" };
    unreadable.push({
      code: "doctor-policy-misplaced",
      message: `a policy is only read from ${POLICY_PATH}`,
      place: { file: other },
      fix: `Move it to ${POLICY_PATH}`,
    });
    return { kind: "broken" };
  }
  const text = await files.readText(POLICY_PATH).catch(keep(unreadable));
  const rules =
    text === undefined ? undefined : attempt(() => readWholePolicy(text, POLICY_PATH, "gate-metrics"), unreadable);
  if (text === undefined || rules === undefined) return { kind: "broken" };
  return { kind: "valid", path: POLICY_PATH, text, rules };
}

const listContracts = ({ rules }: Extract<FoundPolicy, { kind: "valid" }>): readonly string[] => [
  ...new Set(
    rules.models.flatMap(({ data }) => [
      ...(data?.contract === undefined ? [] : [data.contract]),
      ...Object.values(data?.sets ?? {}).map(({ contract }) => contract),
    ]),
  ),
];

async function readCodeOwners(files: WorkspaceFiles): Promise<string | undefined> {
  for (const path of CODE_OWNERS) if (await files.exists(path)) return files.readText(path);
  return undefined;
}

/** A pattern that covers nothing is an error elsewhere. */
async function listIfAny(files: WorkspaceFiles, patterns: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pattern of patterns) {
    const paths = await files.list([pattern]).catch((error: unknown) => {
      if (error instanceof ActionError && error.problems[0]?.code === "no-files") return [];
      throw error;
    });
    found.push(...paths);
  }
  return found;
}

function attempt<Value>(read: () => Value, problems: Problem[]): Value | undefined {
  try {
    return read();
  } catch (error) {
    return keep(problems)(error);
  }
}

const keep =
  (problems: Problem[]) =>
  (error: unknown): undefined => {
    if (!(error instanceof ActionError)) throw error;
    problems.push(...error.problems);
    return undefined;
  };
