import { describe, expect, test } from "vitest";
import { createRepository } from "../../operations/people/repositories.ts";
import { commitFiles } from "../../operations/refs/contents.ts";
import { MAX_CALL_DEPTH, MAX_CALLED_WORKFLOWS } from "../files/load-workflow.ts";
import { jobNamed, jobResults, logText, runState, startTestActions } from "../starting/testing.ts";

const JOB = '{ runs-on: ubuntu-latest, steps: [{ run: "true" }] }';

const CALLED = `
on:
  workflow_call:
    inputs:
      model: { type: string, required: true }
      epochs: { type: number, default: 3 }
    secrets: { key: { required: true }, spare: {} }
    outputs: { score: { value: "\${{ jobs.train.outputs.score }}" } }
env: { FROM: called }
jobs:
  train:
    runs-on: ubuntu-latest
    outputs: { score: x }
    steps: [{ run: "true" }]
  check: { needs: train, if: "inputs.epochs > 2", runs-on: ubuntu-latest, steps: [{ run: "true" }] }
`;

const caller = (call: string, more = "") => `
name: CI
on: push
env: { FROM: caller }
${more}
jobs:
  go:
    ${call}
  after: { needs: go, runs-on: ubuntu-latest, steps: [{ run: "true" }] }
`;

const files = (call: string, called = CALLED, more = "") => ({
  ".github/workflows/ci.yml": caller(call, more),
  ".github/workflows/train.yml": called,
});

const CALL = "uses: ./.github/workflows/train.yml";
const WITH = "with: { model: resnet }";

describe("a called workflow", () => {
  test("gets inputs and mapped secrets, gives outputs, and is named after its caller", async () => {
    await using hub = await startTestActions();
    hub.repository.actions.secrets.set("TOKEN", "s3cret");
    hub.runner.script("go / train", { outputs: { score: "0.9" } });
    const [run] = await hub.push(files(`${CALL}\n    ${WITH}\n    secrets: { key: "\${{ secrets.TOKEN }}" }`));
    expect(jobResults(run)).toEqual({ "go / train": "success", "go / check": "success", after: "success" });
    const train = hub.runner.assignment("go / train");
    expect(train.contexts.inputs).toEqual({ model: "resnet", epochs: 3 });
    expect(Object.keys(train.contexts.secrets).sort()).toEqual(["GITHUB_TOKEN", "key"]);
    expect(train.env).toEqual([{ FROM: "called" }, {}]);
    expect(train.contexts.github).toMatchObject({ workflow: "CI", job: "train", event_name: "push" });
    expect(train.contexts.job["workflow_ref"]).toBe("acme/model/.github/workflows/train.yml@refs/heads/main");
    expect(hub.runner.assignment("after").contexts.needs["go"]).toEqual({
      result: "success",
      outputs: { score: "0.9" },
    });
    expect(jobNamed(run, "go / train").calledWorkflow?.path).toBe(
      "acme/model/.github/workflows/train.yml@refs/heads/main",
    );
    expect(run?.referencedWorkflows.map(({ path, sha }) => [path, sha])).toEqual([
      ["acme/model/.github/workflows/train.yml@refs/heads/main", run?.sha],
    ]);
  });

  test("secrets: inherit passes all on; a failure in it fails the calling job", async () => {
    await using hub = await startTestActions();
    hub.repository.actions.secrets.set("TOKEN", "s3cret");
    hub.runner.script("go / train", { conclusion: "failure" });
    const [run] = await hub.push(files(`${CALL}\n    ${WITH}\n    secrets: inherit`));
    expect(jobResults(run)).toEqual({ "go / train": "failure", "go / check": "skipped", after: "skipped" });
    expect(hub.runner.assignment("go / train").contexts.secrets["TOKEN"]).toBe("s3cret");
  });

  test("with a matrix: each instance is a call of its own; fail-fast cancels the others", async () => {
    await using hub = await startTestActions();
    const slow = hub.runner.hold("go (b) / train");
    hub.runner.script("go (a) / train", { conclusion: "failure" });
    const call = `${CALL}\n    strategy: { matrix: { model: [b, a] } }\n    with: { model: "\${{ matrix.model }}" }\n    secrets: inherit`;
    const [run] = await hub.push(files(call));
    expect(slow.signals).toEqual(["cancel"]);
    expect(jobResults(run)).toEqual({
      "go (b) / train": "cancelled",
      "go (a) / train": "failure",
      "go (a) / check": "skipped",
      "go (b) / check": "skipped",
      after: "skipped",
    });
    expect(hub.runner.assignment("go (a) / train").contexts.inputs?.["model"]).toBe("a");
  });

  test("a call that is skipped is one skipped job", async () => {
    await using hub = await startTestActions();
    const [run] = await hub.push(files(`${CALL}\n    if: "false"\n    ${WITH}\n    secrets: inherit`));
    expect(jobResults(run)).toEqual({ go: "skipped", after: "skipped" });
  });

  test("of another repository: at the ref named, a tag before a branch; $/ and ./ inside it refer to that repository", async () => {
    await using hub = await startTestActions();
    const { world, repository } = hub;
    const tools = await createRepository(world, { owner: repository.owner, name: "tools" });
    const inner = { ".github/workflows/inner.yml": `on: workflow_call\njobs: { deep: ${JOB} }` };
    const outer = `on: workflow_call\njobs:\n  x: { uses: "$/.github/workflows/inner.yml" }\n  y: { uses: ./.github/workflows/inner.yml }`;
    const alice = hub.as("alice");
    const sha = await commitFiles(
      world,
      tools,
      { branch: "main", files: { ...inner, ".github/workflows/outer.yml": outer }, message: "Tools" },
      alice,
    );
    await tools.git.createRef("refs/tags/v1", sha);
    await tools.git.createRef("refs/heads/v1", sha);
    const [run] = await hub.push({
      ".github/workflows/ci.yml": caller("uses: acme/tools/.github/workflows/outer.yml@v1"),
    });
    expect(jobResults(run)).toEqual({ "go / x / deep": "success", "go / y / deep": "success", after: "success" });
    expect(run?.referencedWorkflows.map(({ path }) => path)).toEqual([
      "acme/tools/.github/workflows/outer.yml@refs/tags/v1",
      "acme/tools/.github/workflows/inner.yml@refs/tags/v1",
    ]);
  });

  test("its concurrency group applies, under the name of its caller", async () => {
    await using hub = await startTestActions();
    const train = hub.runner.hold("go / train");
    const called = CALLED.replace("jobs:", "concurrency: gpu\njobs:");
    const pushed = hub.push(files(`${CALL}\n    ${WITH}\n    secrets: inherit`, called));
    await train.started;
    const members = hub.repository.actions.concurrencyGroups.get("gpu")?.members;
    expect(members?.map(({ job, status }) => [job, status])).toEqual([[undefined, "in_progress"]]);
    train.end();
    await pushed;
    expect(hub.repository.actions.concurrencyGroups.size).toBe(0);
  });

  test("its jobs get no more than the caller has", async () => {
    await using hub = await startTestActions();
    const [run] = await hub.push(
      files(
        `${CALL}\n    permissions: { contents: read, issues: write }\n    ${WITH}\n    secrets: inherit`,
        CALLED.replace("jobs:", "permissions: { issues: read }\njobs:"),
      ),
    );
    expect(jobNamed(run, "go / train").permissions).toEqual({ issues: "read", metadata: "read" });
  });
});

describe("what GitHub rejects before any job runs", () => {
  const errorsOf = async (given: Readonly<Record<string, string>>): Promise<string> => {
    await using hub = await startTestActions();
    const runs = await hub.push(given);
    const run = runs.find((each) => each.workflow.path === ".github/workflows/ci.yml");
    expect([runState(run), jobResults(run)]).toEqual(["startup_failure", {}]);
    return run?.attempts[0]?.workflowErrors?.join("\n") ?? "";
  };

  const OK = `${CALL}\n    ${WITH}\n    secrets: inherit`;

  test.each([
    ["a missing file", files("uses: ./.github/workflows/none.yml"), "workflow was not found"],
    ["a file elsewhere", files("uses: ./ci/train.yml"), /not|must|invalid/i],
    ["an unknown repository", files("uses: acme/none/.github/workflows/x.yml@v1"), "workflow was not found"],
    ["no workflow_call", files(CALL, `on: push\njobs: { j: ${JOB} }`), "has no 'workflow_call' trigger"],
    [
      "an unknown input",
      files(`${CALL}\n    with: { model: a, size: 1 }\n    secrets: inherit`),
      "Invalid input, size is not defined",
    ],
    ["a missing input", files(`${CALL}\n    secrets: inherit`), "Input model is required"],
    ["a missing secret", files(`${CALL}\n    ${WITH}`), "Secret key is required"],
    [
      "an unknown secret",
      files(`${CALL}\n    ${WITH}\n    secrets: { key: a, other: b }`),
      "Invalid secret, other is not",
    ],
    [
      "a job that requests more than the caller has",
      files(
        OK,
        CALLED.replace("  train:\n", "  train:\n    permissions: { contents: write, issues: write }\n"),
        "permissions: { contents: read }",
      ),
      "The nested job 'train' is requesting 'contents: write, issues: write', but is only allowed 'contents: read, issues: none'.",
    ],
    [
      "a workflow that requests more than the caller has",
      files(OK, CALLED.replace("jobs:", "permissions: { checks: write }\njobs:"), "permissions: {}"),
      "The workflow is requesting 'checks: write', but is only allowed 'checks: none'.",
    ],
    ["an invalid called file", files(CALL, "on: workflow_call\njobs: { j: { steps: [] } }"), "train.yml:2:"],
    [
      "a cycle",
      files(CALL, "on: workflow_call\njobs: { again: { uses: ./.github/workflows/train.yml } }"),
      "it calls itself",
    ],
  ] as const)("%s", async (_, given, message) => {
    const errors = await errorsOf(given);
    expect(errors).toMatch(/^\.github\/workflows\/(ci|train)\.yml:\d+:\d+: /);
    expect(errors).toMatch(message);
  });

  // GitHub docs, "Reusing workflow configurations": limits.
  test(`more than ${MAX_CALL_DEPTH} levels, more than ${MAX_CALLED_WORKFLOWS} workflows`, async () => {
    const level = (index: number): [string, string] => [
      `.github/workflows/l${index}.yml`,
      `on: workflow_call\njobs: { j: { uses: ./.github/workflows/l${index + 1}.yml } }`,
    ];
    const chain = (levels: number) => ({
      ".github/workflows/ci.yml": caller("uses: ./.github/workflows/l1.yml"),
      ...Object.fromEntries(Array.from({ length: levels - 2 }, (_, index) => level(index + 1))),
      [`.github/workflows/l${levels - 1}.yml`]: `on: workflow_call\njobs: { j: ${JOB} }`,
    });
    expect(await errorsOf(chain(MAX_CALL_DEPTH + 1))).toContain("nested 10 levels deep");
    await using hub = await startTestActions();
    const [run] = await hub.push(chain(MAX_CALL_DEPTH));
    expect(runState(run)).toBe("success");

    const many = Array.from({ length: MAX_CALLED_WORKFLOWS + 1 }, (_, index) => index);
    const wide = {
      ".github/workflows/ci.yml": `on: push\njobs:\n${many.map((n) => `  j${n}: { uses: ./.github/workflows/w${n}.yml }`).join("\n")}`,
      ...Object.fromEntries(many.map((n) => [`.github/workflows/w${n}.yml`, `on: workflow_call\njobs: { j: ${JOB} }`])),
    };
    expect(await errorsOf(wide)).toContain("may call 50 reusable workflows");
  });
});

test("an input of the wrong type fails the calling job when its value is known", async () => {
  await using hub = await startTestActions();
  const [run] = await hub.push(
    files(`${CALL}\n    with: { model: a, epochs: "\${{ github.ref }}" }\n    secrets: inherit`),
  );
  expect(jobResults(run)).toEqual({ go: "failure", after: "skipped" });
  expect(logText(jobNamed(run, "go"))).toContain("epochs must be a number");
});
