/** Each rule with a repository that breaks it; the one that all of them are made of breaks none. */
import { describe, expect, test } from "vitest";
import { examine, findTrustLevel } from "./examine.ts";
import { type Broken, createFacts, environment, FILES, type FileName, SETTINGS } from "./testing.ts";

/** The file with one place of it written otherwise. */
const edit = (name: FileName, from: string | RegExp, to: string): Broken => {
  const text = FILES[name].replace(from, to);
  if (text === FILES[name]) throw new Error(`${name} has no ${from}`);
  return { files: { [name]: text } };
};
const inPull = (from: string | RegExp, to: string) => edit("pull-request.yml", from, to);
const inPromote = (from: string | RegExp, to: string) => edit("promote.yml", from, to);
const inRules = (type: string): Broken => ({
  settings: { rules: (SETTINGS.rules ?? []).filter((rule) => rule.type !== type) },
});
const required = (...requiredChecks: readonly { context: string; app: number | undefined }[]): Broken => ({
  settings: {
    rules: (SETTINGS.rules ?? []).map((rule) =>
      rule.type === "required_status_checks" ? { ...rule, requiredChecks } : rule,
    ),
  },
});
const production = (parts: Parameters<typeof environment>[1]): Broken => ({
  settings: {
    environments: new Map([...(SETTINGS.environments ?? []), ["production", environment("production", parts)]]),
  },
});
/** One of two approvals of production is given in another environment, `risk`. */
const approvedIn = (...risk: ReturnType<typeof environment>[]): Broken => ({
  ...edit("mlops.yml", "approvals: 1 }", "approvals: 2, approval-environments: [risk, production] }"),
  settings: {
    environments: new Map([...(SETTINGS.environments ?? []), ...risk.map((one) => [one.name, one] as const)]),
  },
});
const ACTIONS = 15368;
const gateUses = /them\/mlops-actions\/actions\/gate-metrics@\w+\n/;

/** A policy with two models that both have gates. */
function ofTwo(gateWith: string): Broken {
  const { files } = edit("mlops.yml", /model: .*/, "models: { visits: { files: [m] }, fraud: { files: [m] } }");
  const judging = inPull("with: { metrics: training-record.json }", gateWith).files;
  const ledgers = ["visits", "fraud"].map((model) => [`mlops-ledger/${model}`, [...(SETTINGS.rules ?? [])]] as const);
  const protectedTags = ["refs/tags/*@*", "refs/tags/*#*"];
  return { files: { ...files, ...judging }, settings: { ledgerRules: new Map(ledgers), protectedTags } };
}

const CASES: readonly [code: string, broken: Broken, line?: number][] = [
  ["doctor-gate-missing", { files: { "pull-request.yml": "" } }],
  ["doctor-gate-conditional", inPull("if: always()\n", "if: always() && github.actor != 'dependabot[bot]'\n"), 22],
  ["doctor-gate-conditional", inPull("  data:\n", "  data:\n    if: github.event_name == 'pull_request'\n"), 6],
  ["doctor-gate-needs", inPull("    if: always()\n", ""), 22],
  ["doctor-gate-needs", inPull("if: always()\n", "if: success()\n"), 22],
  ["doctor-gate-step-conditional", inPull(gateUses, "$&        if: github.event.pull_request.draft == false\n"), 29],
  ["doctor-gate-ignored", inPull(gateUses, "$&        continue-on-error: true\n"), 29],
  ["doctor-gate-ignored", inPull("if: always()\n", "if: always()\n    continue-on-error: ${{ inputs.soft }}\n"), 30],
  ["doctor-gate-filtered", inPull("pull_request:\n", "pull_request: { paths: [src/**] }\n"), 2],
  ["doctor-gate-filtered", inPull("pull_request:\n", "pull_request: { branches-ignore: [wip] }\n"), 2],
  ["doctor-merge-group", inPull("  merge_group:\n", "")],
  ["doctor-gate-shared-job", inPull(/- uses: actions\/download-artifact@\w+/, "- run: python evaluate.py"), 29],
  ["doctor-gate-matrix", inPull("if: always()\n", "if: always()\n    strategy: { matrix: { seed: [1, 2] } }\n"), 22],
  ["doctor-model-not-judged", ofTwo("with: { model: visits, metrics: training-record.json }")],
  [
    "doctor-gate-name-twice",
    {
      workflows: {
        "other.yml":
          "on: pull_request\npermissions: {}\njobs:\n  gate: { runs-on: ubuntu-latest, steps: [{ run: 'true' }] }\n",
      },
    },
    22,
  ],
  [
    "doctor-untrusted-checkout",
    {
      workflows: {
        "target.yml":
          "on: pull_request_target\npermissions: {}\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@0123456789012345678901234567890123456789\n        with: { ref: '${{ github.event.pull_request.head.sha }}' }\n",
      },
    },
    6,
  ],
  [
    "doctor-report-conditional",
    inPull("if: always() && github.event_name == 'pull_request'", "if: github.event_name == 'pull_request'"),
    31,
  ],
  ["doctor-policy-missing", { files: { "mlops.yml": "" } }],
  ["doctor-contract-missing", { contracts: [] }],
  [
    "doctor-policy-unused",
    inPull(/them\/mlops-actions\/actions\/check-data@\w+/, "them/other@0123456789012345678901234567890123456789"),
  ],
  ["doctor-approvals-none", edit("mlops.yml", "approvals: 1", "approvals: 0")],
  ["doctor-code-owners", { files: { CODEOWNERS: "" } }],
  ["doctor-code-owners", { files: { CODEOWNERS: "* @them/all\n/.github/mlops.yml\n" } }],
  ["doctor-editor-line", edit("mlops.yml", /^#.*\n/, "")],
  ["doctor-check-not-required", required({ context: "data", app: ACTIONS })],
  ["doctor-check-unbound", required({ context: "data", app: ACTIONS }, { context: "gate", app: undefined })],
  ["doctor-check-unknown", required(...["data", "gate", "gaet"].map((context) => ({ context, app: ACTIONS })))],
  ["doctor-owner-review", inRules("pull_request")],
  ["doctor-force-push", inRules("non_fast_forward")],
  ["doctor-environment-missing", { settings: { environments: new Map([["staging", environment("staging")]]) } }],
  ["doctor-environment-reviewers", production({ reviewers: 0 })],
  ["doctor-environment-self-review", production({ preventsSelfReview: false })],
  ["doctor-environment-bypass", production({ adminsMayBypass: true })],
  ["doctor-environment-missing", approvedIn()],
  ["doctor-environment-reviewers", approvedIn(environment("risk", { reviewers: 0 }))],
  ["doctor-environment-self-review", approvedIn(environment("risk", { preventsSelfReview: false }))],
  ["doctor-environment-branches", production({ hasBranchPolicy: false })],
  ["doctor-ledger-unprotected", { settings: { ledgerRules: new Map([["mlops-ledger/visits", []]]) } }],
  ["doctor-tags-unprotected", { settings: { protectedTags: ["refs/tags/release-*"] } }],
  ["doctor-default-token", { settings: { defaultPermissions: { mayWrite: true, mayApprove: false } } }],
  ["doctor-token-approves", { settings: { defaultPermissions: { mayWrite: false, mayApprove: true } } }],
  ["doctor-promotion-without-environment", inPromote(/ {4}environment: \{.*\n/, ""), 10],
  [
    "doctor-promotion-cancelled",
    inPromote("permissions: {}\n", "permissions: {}\nconcurrency: { group: promote, cancel-in-progress: true }\n"),
    11,
  ],
  ["doctor-promotion-queued", inPromote("  apply:\n", "  apply:\n    concurrency: promote\n"), 10],
  ["doctor-promotion-event", inPromote("on: workflow_dispatch", "on: [workflow_dispatch, issue_comment]")],
  ["doctor-promotion-without-plan", inPromote(/, plan-digest: "[^"]*"/, ""), 16],
  [
    "doctor-permission-missing",
    inPull("permissions: { contents: read, actions: read }", "permissions: { contents: read }"),
    29,
  ],
  ["doctor-permission-missing", inPromote("deployments: write", "deployments: read"), 16],
  [
    "doctor-permission-default",
    inPull(/^permissions: \{\}\njobs:\n {2}data:\n.*\n.*\n/m, "jobs:\n  data:\n    runs-on: ubuntu-latest\n"),
    5,
  ],
  [
    "doctor-training-may-write",
    inPull(
      "timeout-minutes: 60\n    permissions: { contents: read }",
      "timeout-minutes: 60\n    permissions: { contents: read, packages: write }",
    ),
    12,
  ],
  [
    "doctor-script-injection",
    {
      workflows: {
        "echo.yml":
          "on: issues\npermissions: {}\njobs:\n  a:\n    steps:\n      - run: echo '${{ github.event.issue.title }}'\n",
      },
    },
    6,
  ],
  [
    "doctor-fork-on-own-runner",
    inPull(
      / {2}train:\n {4}needs: data\n {4}runs-on: ubuntu-latest/,
      "  train:\n    needs: data\n    runs-on: [self-hosted, gpu]",
    ),
    12,
  ],
  ["doctor-kept-credentials", inPull("with: { persist-credentials: false }", "with: { fetch-depth: 0 }"), 18],
  [
    "doctor-secrets-inherit",
    {
      workflows: {
        "call.yml": "on: push\npermissions: {}\njobs:\n  a: { uses: ./.github/workflows/b.yml, secrets: inherit }\n",
      },
    },
    4,
  ],
  [
    "doctor-unpinned-action",
    inPromote(/promote-model@\w+\n {8}with: \{ mode: begin/, "promote-model@v1\n        with: { mode: begin"),
    16,
  ],
  [
    "doctor-unsafe-variable",
    inPull("permissions: {}\n", "permissions: {}\nenv: { NODE_TLS_REJECT_UNAUTHORIZED: 0 }\n"),
    5,
  ],
  ["doctor-unsafe-variable", inPull(gateUses, "$&        env: { Actions_Allow_Unsecure_Commands: true }\n"), 29],
  ["doctor-job-shorter", inPull("timeout: 45m", "timeout: 2h"), 20],
];

const codesOf = (broken?: Broken) => examine(createFacts(broken)).map(({ problem }) => problem.code);

test("a repository that keeps every rule has no findings", () => {
  expect(codesOf()).toEqual([]);
});

describe("one thing broken is one finding", () => {
  test.each(CASES)("%s", (code, broken, line) => {
    const found = examine(createFacts(broken)).map(({ problem }) => problem);
    expect(found.map((problem) => problem.code)).toContain(code);
    const others = found.filter((problem) => problem.code !== code).map((problem) => problem.code);
    expect(others).toEqual(COMPANIONS[code] ?? []);
    const [problem] = found.filter((each) => each.code === code);
    if (line !== undefined) expect(problem?.place?.line).toBe(line);
    expect(problem?.fix).toMatch(/^[A-Z"'g]/);
  });
});

test.each([
  ["each is judged", "with: { model: '${{ matrix.model }}', metrics: training-record.json }", []],
  ["none is", "with: { metrics: 'training-record.json' }", ["doctor-model-not-judged", "doctor-model-not-judged"]],
])("of two models, %s", (_, gateWith, codes) => {
  expect(codesOf(ofTwo(gateWith))).toEqual(codes);
});

/** What cannot be broken alone. */
const COMPANIONS: Readonly<Record<string, readonly string[]>> = {
  "doctor-gate-missing": [
    "doctor-policy-unused",
    "doctor-policy-unused",
    "doctor-check-unknown",
    "doctor-check-unknown",
  ],
};

test("a promotion that reviews approve needs no environment", () => {
  const text = FILES["promote.yml"]
    .replace(/ {4}environment: \{.*\n/, "")
    .replace(
      "      - uses: them/mlops-actions/actions/promote-model@0123456789012345678901234567890123456789\n        with: { mode: begin",
      "      - uses: them/mlops-actions/actions/promote-model@0123456789012345678901234567890123456789\n        with: { mode: request }\n$&",
    );
  expect(codesOf({ files: { "promote.yml": text } })).toEqual([]);
});

test("there are at least 25 rules, each with a code of its own", () => {
  expect(new Set(CASES.map(([code]) => code)).size).toBeGreaterThanOrEqual(25);
});

test.each<[string, Broken, string]>([
  ["nothing judges", { files: { "pull-request.yml": "" } }, "none"],
  ["GitHub was not asked", { settings: undefined }, "unknown"],
  ["everything of A is kept", {}, "advisory"],
  [
    "a required workflow judges",
    {
      settings: {
        rules: [...(SETTINGS.rules ?? []), { type: "workflows", requiredChecks: [], requiresCodeOwners: false }],
      },
    },
    "enforced",
  ],
  ["the gate can be skipped", inPull("    if: always()\n", ""), "advisory"],
])("trust when %s", (_, broken, level) => {
  const facts = createFacts(broken);
  expect(findTrustLevel(facts, examine(facts)).level).toBe(level);
});
