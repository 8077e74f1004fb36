/** A repository that keeps every rule, to be broken in one place. */
import { readWholePolicy } from "../policy/read-policy.ts";
import type { RepositoryFacts } from "./facts.ts";
import { NEEDED_PERMISSIONS } from "./needed-permissions.ts";
import type { BranchRule, EnvironmentSettings, RepositorySettings } from "./settings.ts";
import { readWorkflow } from "./workflow.ts";

const SHA = "0123456789012345678901234567890123456789";

export const FILES = {
  "pull-request.yml": `on:
  pull_request:
  merge_group:
permissions: {}
jobs:
  data:
    runs-on: ubuntu-latest
    permissions: { contents: read }
    steps:
      - uses: actions/checkout@${SHA}
      - uses: them/mlops-actions/actions/check-data@${SHA}
  train:
    needs: data
    runs-on: ubuntu-latest
    timeout-minutes: 60
    permissions: { contents: read }
    steps:
      - uses: actions/checkout@${SHA}
        with: { persist-credentials: false }
      - uses: them/mlops-actions/actions/train-model@${SHA}
        with: { command: python train.py, timeout: 45m }
  gate:
    needs: [data, train]
    if: always()
    runs-on: ubuntu-latest
    permissions: { contents: read, actions: read }
    steps:
      - uses: actions/download-artifact@${SHA}
      - uses: them/mlops-actions/actions/gate-metrics@${SHA}
        with: { metrics: training-record.json }
  report:
    needs: [data, gate]
    if: always() && github.event_name == 'pull_request'
    runs-on: ubuntu-latest
    permissions: { contents: read, pull-requests: write, actions: read }
    steps:
      - uses: them/mlops-actions/actions/report-metrics@${SHA}
`,
  "promote.yml": `on: workflow_dispatch
permissions: {}
jobs:
  plan:
    runs-on: ubuntu-latest
    permissions: { contents: read, actions: read }
    steps:
      - uses: them/mlops-actions/actions/promote-model@${SHA}
        with: { mode: plan, environment: production }
  apply:
    needs: plan
    runs-on: ubuntu-latest
    environment: { name: production, deployment: false }
    permissions: { contents: write, actions: read, deployments: write }
    steps:
      - uses: them/mlops-actions/actions/promote-model@${SHA}
        with: { mode: begin, environment: production, plan-digest: "\${{ needs.plan.outputs.plan-digest }}" }
      - run: ./deploy.sh
      - uses: them/mlops-actions/actions/promote-model@${SHA}
        with: { mode: commit, environment: production, plan-digest: "\${{ needs.plan.outputs.plan-digest }}" }
`,
  "mlops.yml": `# yaml-language-server: $schema=https://example.org/policy.json
version: 2
model: { name: visits, files: [model.json] }
data: { contract: contracts/visits.yml, files: [visits.csv] }
gates: [{ metric: mae, better: lower, max: 3 }]
environments: [{ name: staging, approvals: 0 }, { name: production, needs: [staging], approvals: 1 }]
`,
  CODEOWNERS: "/.github/ @them/owners\n/contracts/ @them/owners\n",
} as const;

export type FileName = keyof typeof FILES;

const rule = (type: string, parts: Partial<BranchRule> = {}): BranchRule => ({
  ...{ type, requiredChecks: [], requiresCodeOwners: false },
  ...parts,
});

export const environment = (name: string, parts: Partial<EnvironmentSettings> = {}): EnvironmentSettings => ({
  ...{ name, reviewers: 2, preventsSelfReview: true, adminsMayBypass: false, hasBranchPolicy: true },
  ...parts,
});

export const SETTINGS: RepositorySettings = {
  ...{ repository: "us/visits", defaultBranch: "main", isPrivate: false },
  rules: [
    rule("deletion"),
    rule("non_fast_forward"),
    rule("pull_request", { requiresCodeOwners: true }),
    rule("required_status_checks", {
      requiredChecks: ["data", "gate"].map((context) => ({ context, app: 15368 })),
    }),
  ],
  ledgerRules: new Map([["mlops-ledger/visits", [rule("non_fast_forward")]]]),
  protectedTags: ["refs/tags/visits@*", "refs/tags/visits#*"],
  environments: new Map([
    ["staging", environment("staging", { reviewers: 0 })],
    ["production", environment("production")],
  ]),
  defaultPermissions: { mayWrite: false, mayApprove: false },
};

export interface Broken {
  /** Other contents of files; empty: the file is not there. */
  readonly files?: Partial<Record<FileName, string>>;
  /** More workflows, by name. */
  readonly workflows?: Readonly<Record<string, string>>;
  readonly settings?: Partial<RepositorySettings> | undefined;
  readonly contracts?: readonly string[];
}

export function createFacts(broken: Broken = {}): RepositoryFacts {
  const { files = {}, workflows = {}, contracts = ["contracts/visits.yml"] } = broken;
  const texts = { ...FILES, ...files };
  const all = { "pull-request.yml": texts["pull-request.yml"], "promote.yml": texts["promote.yml"], ...workflows };
  const policy = texts["mlops.yml"];
  const path = ".github/mlops.yml";
  return {
    workflows: Object.entries(all)
      .filter(([, text]) => text !== "")
      .map(([name, text]) => readWorkflow(text, `.github/workflows/${name}`)),
    policy:
      policy === ""
        ? { kind: "missing" }
        : { kind: "valid", path, text: policy, rules: readWholePolicy(policy, path, "gate-metrics") },
    codeOwners: texts.CODEOWNERS === "" ? undefined : texts.CODEOWNERS,
    isFile: (file) => contracts.includes(file),
    settings: "settings" in broken && broken.settings === undefined ? undefined : { ...SETTINGS, ...broken.settings },
    permissions: NEEDED_PERMISSIONS,
  };
}
