import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { evaluate } from "./evaluate.ts";
import { InvalidFileError } from "./model.ts";
import { readWorkflow, type WorkflowLimits } from "./read-workflow.ts";
import type { Json } from "./values.ts";

const path = ".github/workflows/ci.yml";
const job = "jobs: { a: { runs-on: x } }";

function errorsOf(text: string, limits?: WorkflowLimits): readonly string[] {
  try {
    readWorkflow(path, text, limits);
  } catch (error) {
    if (!(error instanceof InvalidFileError)) throw error;
    return error.errors.map(({ line, column, message }) => `${line}:${column} ${message}`);
  }
  return [];
}

interface InvalidCase {
  readonly name: string;
  readonly file: string;
  readonly faults: readonly string[];
}

const invalid: readonly InvalidCase[] = parse(
  readFileSync(new URL("../../cases/workflows/invalid.yml", import.meta.url), "utf8"),
);

test.for(invalid)("rejects $name", ({ file, faults }) => {
  expect(errorsOf(file)).toEqual(faults);
});

test("reads a workflow into plain data", () => {
  const workflow = readWorkflow(
    path,
    `name: CI
run-name: Build \${{ github.ref }}
on:
  push: { branches: main, paths: ["**.js"] }
  workflow_dispatch: { inputs: { debug: { type: boolean, default: "false" }, text: null } }
permissions: { contents: read, pull-requests: write }
env: { VERSION: 1.10, DEBUG: true, EMPTY: }
defaults: { run: { shell: bash } }
concurrency: { group: "ci-\${{ github.ref }}", cancel-in-progress: true, queue: max }
jobs:
  build:
    name: Build
    runs-on: [self-hosted, gpu]
    needs: []
    if: \${{ github.ref == 'x' }}
    strategy: { fail-fast: false, matrix: { os: [a, b] } }
    timeout-minutes: 5
    environment: { name: production, url: "\${{ steps.a.outputs.url }}" }
    outputs: { digest: "\${{ steps.a.outputs.digest }}" }
    container: node:24
    steps:
      - { id: a, run: echo, working-directory: x, env: { A: 1 }, continue-on-error: true, if: always() }
      - { uses: ./here, with: { path: 1, deep: false } }
  call:
    needs: Build
    uses: o/r/.github/workflows/x.yml@v1
    with: { count: 3, on: true }
    secrets: inherit
`,
  );
  expect(workflow).toMatchObject({
    path,
    name: "CI",
    runName: "Build ${{ github.ref }}",
    on: {
      events: { push: { branches: ["main"], paths: ["**.js"] }, workflow_dispatch: {} },
      dispatchInputs: {
        debug: { type: "boolean", default: "false", required: false },
        text: { type: "string", default: undefined },
      },
      call: undefined,
    },
    permissions: { contents: "read", "pull-requests": "write" },
    env: { VERSION: "1.1", DEBUG: "true", EMPTY: "" },
    defaults: { shell: "bash", workingDirectory: undefined },
    concurrency: { group: "ci-${{ github.ref }}", cancelInProgress: true, queue: "max" },
  });
  expect(workflow.jobs).toMatchObject([
    {
      kind: "steps",
      id: "build",
      name: "Build",
      needs: [],
      if: "github.ref == 'x'",
      runsOn: ["self-hosted", "gpu"],
      strategy: { matrix: { os: ["a", "b"] }, failFast: false },
      timeoutMinutes: 5,
      environment: { name: "production" },
      unsupported: ["container"],
      steps: [
        {
          kind: "run",
          id: "a",
          run: "echo",
          workingDirectory: "x",
          env: { A: "1" },
          continueOnError: true,
          if: "always()",
        },
        { kind: "uses", uses: "./here", with: { path: "1", deep: "false" }, if: undefined },
      ],
    },
    // GitHub compares job ids without regard to case; the data has the id as it is defined.
    { kind: "call", id: "call", needs: ["build"], with: { count: 3, on: true }, secrets: "inherit" },
  ]);
});

test("reads every way to write permissions", () => {
  const permissionsOf = (block: string) => readWorkflow(path, `on: push\npermissions: ${block}\n${job}`).permissions;
  expect(permissionsOf("read-all")).toEqual({ "*": "read" });
  expect(permissionsOf("write-all")).toEqual({ "*": "write" });
  expect(permissionsOf("{}")).toEqual({});
  expect(readWorkflow(path, `on: push\n${job}`).permissions).toBeUndefined();
});

test("splits an expression for a whole strategy into its parts", () => {
  const file =
    'on: push\njobs: { a: { runs-on: x, needs: s, strategy: "${{ fromJSON(needs.s) }}" }, s: { runs-on: x } }';
  const strategy = readWorkflow(path, file).jobs[0]?.strategy;
  const partsOf = (value: Json) => {
    const scope = { contexts: { needs: { s: JSON.stringify(value) } } };
    return [strategy?.matrix, strategy?.failFast, strategy?.maxParallel].map((part) =>
      evaluate(part ?? "missing", scope),
    );
  };
  expect(partsOf({ matrix: { os: ["a"] }, "fail-fast": false, "max-parallel": 2 })).toEqual([{ os: ["a"] }, false, 2]);
  expect(partsOf({ matrix: { os: ["a"] } })).toEqual([{ os: ["a"] }, true, 0]);
});

test("one expression may replace a whole env", () => {
  const file = 'on: push\njobs: { a: { runs-on: x, env: "${{ fromJSON(vars.ENV) }}" } }';
  expect(readWorkflow(path, file).jobs[0]).toMatchObject({ env: "${{ fromJSON(vars.ENV) }}" });
});

test("accepts repository_dispatch as a plain name, which parser 0.3.61 would not", () => {
  expect(errorsOf(`on: repository_dispatch\n${job}`)).toEqual([]);
  expect(errorsOf(`on: [push, repository_dispatch]\n${job}`)).toEqual([]);
});

test("follows anchors and aliases", () => {
  const file = "on: push\njobs:\n  a: &a { runs-on: x, env: { A: 1 } }\n  b: *a\n";
  expect(readWorkflow(path, file).jobs[1]).toMatchObject({ id: "b", runsOn: "x", env: { A: "1" } });
});

test("takes up to 25 dispatch inputs, 10 on older GHES (GitHub's OpenAPI; GHES 3.17 docs)", () => {
  const withInputs = (count: number) =>
    `on: { workflow_dispatch: { inputs: { ${Array.from({ length: count }, (_, n) => `i${n}: {}`).join(", ")} } } }\n${job}`;
  expect(errorsOf(withInputs(25))).toEqual([]);
  expect(errorsOf(withInputs(26))).toEqual([
    "1:36 you may only define up to 25 `inputs` for a `workflow_dispatch` event",
  ]);
  expect(errorsOf(withInputs(10), { dispatchInputs: 10 })).toEqual([]);
  expect(errorsOf(withInputs(11), { dispatchInputs: 10 })).toHaveLength(1);
});

test("a workflow file has at most 500 KB (GitHub docs: Actions limits)", () => {
  const file = `on: push\n${job}\n`;
  const padded = (bytes: number) => `${file}#${"x".repeat(bytes - file.length - 1)}`;
  expect(errorsOf(padded(512_000))).toEqual([]);
  expect(errorsOf(padded(512_001))).toEqual([
    "1:1 The file has 512001 bytes; the limit is 512000 bytes. Make it shorter.",
  ]);
});

test("the name of a concurrency group has at most 400 characters (actions/runner)", () => {
  const grouped = (length: number) => errorsOf(`on: push\nconcurrency: ${"x".repeat(length)}\n${job}`);
  expect(grouped(400)).toEqual([]);
  expect(grouped(401)).toEqual(["2:14 Concurrency group name must be less than 400 characters"]);
});

test("a matrix of more than 256 jobs is rejected (GitHub docs: Actions limits)", () => {
  const list = (count: number) => JSON.stringify(Array.from({ length: count }, (_, n) => n));
  const matrix = (rows: number) =>
    `on: push\njobs: { a: { runs-on: x, strategy: { matrix: { a: ${list(16)}, b: ${list(rows)} } } } }`;
  expect(errorsOf(matrix(16))).toEqual([]);
  expect(errorsOf(matrix(17))).toEqual(["2:46 The matrix generates 272 jobs; a matrix may generate at most 256"]);
});
