import { expect, test } from "vitest";
import { InvalidFileError } from "./model.ts";
import { readAction } from "./read-action.ts";

const head = "name: Mine\ndescription: does it\n";

test("reads a JavaScript action", () => {
  const action = readAction(
    "action.yml",
    `${head}inputs:
  token: { description: t, required: true, default: "\${{ github.token }}" }
  count: { description: c, default: 3, deprecationMessage: no more }
outputs: { url: { description: u } }
runs: { using: node24, main: dist/main.js, pre: dist/pre.js, post: dist/post.js, post-if: "\${{ success() }}" }
branding: { icon: check, color: green }
`,
  );
  expect(action).toEqual({
    name: "Mine",
    inputs: {
      token: { required: true, default: "${{ github.token }}", deprecationMessage: undefined },
      count: { required: false, default: "3", deprecationMessage: "no more" },
    },
    outputs: { url: { value: undefined } },
    runs: {
      kind: "javascript",
      using: "node24",
      main: "dist/main.js",
      pre: "dist/pre.js",
      preIf: "always()",
      post: "dist/post.js",
      postIf: "success()",
    },
  });
});

test("reads a composite action", () => {
  const action = readAction(
    "action.yml",
    `${head}outputs: { url: { description: u, value: "\${{ steps.a.outputs.url }}" } }
runs:
  using: composite
  steps:
    - { id: a, run: echo, shell: bash, if: "\${{ inputs.x }}", env: { N: 1 } }
    - { uses: actions/checkout@v7, with: { depth: 0 } }
`,
  );
  expect(action.outputs).toEqual({ url: { value: "${{ steps.a.outputs.url }}" } });
  expect(action.runs).toMatchObject({
    kind: "composite",
    steps: [
      { kind: "run", id: "a", run: "echo", shell: "bash", if: "inputs.x", env: { N: "1" } },
      { kind: "uses", uses: "actions/checkout@v7", with: { depth: "0" } },
    ],
  });
});

test("reads a Docker action, so that the runner can reject it by name", () => {
  const action = readAction("action.yml", `${head}runs: { using: docker, image: Dockerfile }\n`);
  expect(action.runs).toEqual({ kind: "docker", image: "Dockerfile" });
});

test.for([
  [head, "1:1: Required property is missing: runs"],
  [`${head}runs: { using: node99, main: a.js }`, "3:16: Unexpected value 'node99'"],
  [`${head}runs: { using: node24 }`, "Add one of these properties: args, entrypoint, env, image, main"],
  [`${head}runs: { using: composite, steps: [{ run: x }] }`, "Required property is missing: shell"],
  [
    `${head}runs: { using: composite, steps: [{ uses: x }] }`,
    "3:43: Expected format {org}/{repo}[/path]@ref. Actual 'x'",
  ],
  [`${head}runs: { using: node24, main: a.js, post: b.js, post-if: nosuch() }`, "Unrecognized function: 'nosuch'"],
  [`${head}runs: { using: composite, steps: [{ run: x, shell: bash, if: secrets.A }] }`, "Unrecognized named-value"],
] as const)("rejects %j", ([text, message]) => {
  expect(() => readAction("action.yml", text)).toThrow(InvalidFileError);
  expect(() => readAction("action.yml", text)).toThrow(message);
});

test("is no stricter than the runner: no name, unknown keys, any `required`", () => {
  const action = readAction(
    "tools/action.yml",
    `runs: { using: node20, main: a.js }
author: { name: me }
inputs: { a: { required: "true", type: string, deprecationMessage: [] } }
`,
  );
  expect(action).toMatchObject({
    name: "tools/action.yml",
    inputs: { a: { required: true, deprecationMessage: undefined } },
  });
});
