import { expect, test } from "vitest";
// @ts-expect-error Plain JavaScript, because any Node must be able to start it.
import { findEnvironments, findJudgingJobs, findSuiteNames } from "../../scripts/suite-in-folder.mjs";

const WORKFLOW = `
# uses: nobody/mlops-actions@v9
jobs:
  model:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v7
      - uses: acme/mlops-actions@v1
  data:
    steps: [{ uses: "acme/mlops-actions/actions/check-data@v1" }]
  gate:
    name: The gate
    steps:
      - uses: 'team/mlops-actions/actions/gate-metrics@v1.2.0'
  legs:
    strategy: { matrix: { a: [1] } }
    steps: [{ uses: acme/mlops-actions@v1 }]
`;

test("the names under which workflows use the suite, each once", () => {
  expect(findSuiteNames([WORKFLOW, WORKFLOW])).toEqual(["acme/mlops-actions@v1", "team/mlops-actions@v1.2.0"]);
  expect(findSuiteNames(["jobs: {}", "{{{"])).toEqual([]);
});

test("the jobs that judge, by the name that GitHub shows", () => {
  expect(findJudgingJobs([WORKFLOW, "{{{", "jobs:"])).toEqual(["model", "The gate"]);
});

test("the environments of the policy, and who may approve", () => {
  const policy = "environments:\n  - { name: staging }\n  - { name: production, approvals: 2 }\n";
  expect(findEnvironments(policy, ["alice", "bob"])).toEqual(["staging", "production=alice,bob"]);
  for (const text of ["", "version: 2", "{{{"]) expect(findEnvironments(text, [])).toEqual([]);
});
