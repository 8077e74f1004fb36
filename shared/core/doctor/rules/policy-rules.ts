/** What the policy names and the repository has, and who guards it. */
import type { ModelPolicy } from "../../policy/policy.ts";
import { isOwned } from "../code-owners.ts";
import { listJudgingSteps, type RepositoryFacts } from "../facts.ts";
import { type DoctorRule, finding } from "../finding.ts";

const missing: DoctorRule = (facts) => {
  if (facts.policy.kind !== "missing") return [];
  return [
    finding(listJudgingSteps(facts).some(({ action }) => action !== "model-diff") ? "error" : "warning", {
      code: "doctor-policy-missing",
      message: "there is no policy: nothing is gated",
      place: { file: ".github/mlops.yml" },
      fix: "Merge the policy that the comment of model-diff suggests, or write one after docs/reference/policy.md",
    }),
  ];
};

const contracts = ({ data }: ModelPolicy): readonly string[] => [
  ...(data?.contract === undefined ? [] : [data.contract]),
  ...Object.values(data?.sets ?? {}).map(({ contract }) => contract),
];

const named = (facts: RepositoryFacts): readonly string[] =>
  facts.policy.kind === "valid" ? [...new Set(facts.policy.rules.models.flatMap(contracts))] : [];

const contractMissing: DoctorRule = (facts) =>
  facts.policy.kind !== "valid"
    ? []
    : named(facts)
        .filter((path) => !facts.isFile(path))
        .map((path) =>
          finding("error", {
            code: "doctor-contract-missing",
            message: `the policy names the contract ${path}, which is not there`,
            place: { file: facts.policy.kind === "valid" ? facts.policy.path : path },
            fix: "Add the contract, or correct its path; mlops-actions infer drafts one from a data file",
          }),
        );

const unused: DoctorRule = (facts) => {
  if (facts.policy.kind !== "valid") return [];
  const { path, rules } = facts.policy;
  const judges = new Set(listJudgingSteps(facts).map(({ action }) => action));
  const hasGates = rules.models.some(({ gates }) => gates.length > 0);
  const hasData = rules.models.some(({ data }) => data !== undefined);
  const unjudged = (what: string, action: string) =>
    finding("error", {
      code: "doctor-policy-unused",
      message: `the policy has ${what}, and no workflow judges pull requests by ${what === "gates" ? "them" : "it"}`,
      place: { file: path },
      fix: `Use ${action} on pull_request, as pull-request.yml of the templates does`,
    });
  return [
    ...(hasGates && !judges.has("gate-metrics") && !judges.has("model-diff")
      ? [unjudged("gates", "gate-metrics")]
      : []),
    ...(hasData && !judges.has("check-data") ? [unjudged("a contract for the data", "check-data")] : []),
  ];
};

const withoutApproval: DoctorRule = ({ policy }) => {
  if (policy.kind !== "valid") return [];
  return policy.rules.models.flatMap(({ environments }) => {
    const last = environments.at(-1);
    if (last === undefined || last.approvals > 0) return [];
    return [
      finding("warning", {
        code: "doctor-approvals-none",
        message: `nobody has to approve what is promoted to ${last.name}, the last environment`,
        place: { file: policy.path },
        fix: "Write approvals: 1 or more there",
      }),
    ];
  });
};

const owners: DoctorRule = (facts) => {
  const { codeOwners, policy } = facts;
  if (listJudgingSteps(facts).length === 0) return [];
  const workflows = [...new Set(listJudgingSteps(facts).map(({ workflow }) => workflow.file))];
  const guarded = [...(policy.kind === "valid" ? [policy.path] : []), ...named(facts), ...workflows];
  const open = guarded.filter((path) => codeOwners === undefined || !isOwned(codeOwners, path));
  if (open.length === 0) return [];
  return [
    finding("warning", {
      code: "doctor-code-owners",
      message: `nobody owns ${open.slice(0, 3).join(", ")}${open.length > 3 ? ` and ${open.length - 3} more` : ""}: a change may edit what judges it`,
      place: { file: ".github/CODEOWNERS" },
      fix: "Add lines such as: /.github/ @your-organisation/model-owners",
    }),
  ];
};

const editorLine: DoctorRule = ({ policy }) =>
  policy.kind !== "valid" || /^#.*\$schema=/m.test(policy.text)
    ? []
    : [
        finding("note", {
          code: "doctor-editor-line",
          message: "editors neither complete nor check the policy",
          place: { file: policy.path, line: 1 },
          fix: "Begin it with the line: # yaml-language-server: $schema=https://raw.githubusercontent.com/OWNER/mlops-actions/v1/shared/schemas/policy.json",
        }),
      ];

export const POLICY_RULES: readonly DoctorRule[] = [
  ...[missing, contractMissing, unused, withoutApproval, owners, editorLine],
];
