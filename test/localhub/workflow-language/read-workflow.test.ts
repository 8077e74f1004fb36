import { expect, test } from "vitest";
import { InvalidFile } from "./model.ts";
import { readWorkflow } from "./read-workflow.ts";

const path = ".github/workflows/ci.yml";

function faultsOf(text: string): readonly string[] {
  try {
    readWorkflow(path, text);
  } catch (error) {
    if (error instanceof InvalidFile)
      return error.faults.map(({ line, column, message }) => `${line}:${column} ${message}`);
    throw error;
  }
  return [];
}

test("reads", () => {
  const w = readWorkflow(
    path,
    `
name: CI
on:
  push: { branches: [main, 'releases/**'], paths: '**.js' }
  workflow_dispatch:
    inputs:
      debug: { type: boolean, default: 'false' }
jobs:
  build:
    runs-on: \${{ matrix.os }}
    strategy: { matrix: { os: [a, b] } }
    if: \${{ github.ref == 'x' }}
    steps:
      - run: echo 1
        env: { A: 1.10, B: true }
      - uses: ./x
  call:
    needs: build
    uses: o/r/.github/workflows/x.yml@v1
    secrets: inherit
`,
  );
  console.log(JSON.stringify(w, null, 1));
  expect(w.jobs.length).toBe(2);
  console.log(
    faultsOf(
      "on: push\njobs:\n  a:\n    runs-on: x\n    needs: [b, c]\n    steps:\n      - run: x\n  b:\n    needs: a\n    runs-on: x\n    steps:\n    - {uses: foo, id: A}\n    - {uses: docker://x, id: a}\n",
    ),
    faultsOf("[".repeat(200000)),
    faultsOf("on: {push: {branches: ['[a'], branches-ignore: x}}\njobs: {}"),
  );
});
