import { describe, expect, test } from "vitest";
import { runAndRecordJob } from "../testing.ts";

const core = import.meta.resolve("@actions/core");

function action(runs: string, rest = ""): string {
  return `name: test\ndescription: test\n${rest}\nruns: ${runs}\n`;
}

test("the real @actions/core, from an ES module: inputs, outputs, state, masks, summary, failure", async () => {
  const job = await runAndRecordJob({
    job: `
outputs: { sum: "\${{ steps.add.outputs.sum }}" }
steps:
  - { id: add, uses: octo/add@v1, with: { first number: 2, Second: "\${{ true && 40 }}" } }
  - { name: after, run: 'echo "$FROM_CORE"; echo "$PATH"' }`,
    actions: {
      "octo/add@v1": {
        "package.json": '{ "type": "module" }',
        "action.yml": action(
          "{ using: node24, main: main.js, post: main.js }",
          "inputs: { first number: { description: d }, second: { description: d }, third: { description: d, default: '${{ github.ref }}' } }",
        ),
        "main.js": `
import * as core from ${JSON.stringify(core)};
if (core.getState("sum")) {
  core.info("post knows " + core.getState("sum"));
} else {
  const sum = Number(core.getInput("first number")) + Number(core.getInput("second"));
  core.setSecret("s3cr3t-value");
  core.info("the secret is s3cr3t-value, the default is " + core.getInput("third"));
  core.setOutput("sum", sum);
  core.saveState("sum", sum);
  core.exportVariable("FROM_CORE", "multi\\nline");
  core.addPath("/from/core");
  core.warning("careful", { file: "a.txt", startLine: 3 });
  core.notice("look");
  await core.summary.addHeading("Sum").addRaw("s3cr3t-value").write();
  core.startGroup("G"); core.endGroup();
  core.debug("hidden");
}`,
      },
    },
  });
  expect(job.result).toMatchObject({ conclusion: "success", outputs: { sum: "42" } });
  const step = job.step("Run octo/add@v1");
  expect(step.lines).toContain("the secret is ***, the default is refs/heads/main");
  expect(step.lines.slice(0, 6)).toEqual([
    ...["##[group]Run octo/add@v1", "with:", "  first number: 2", "  Second: 40", "  third: refs/heads/main"],
    "##[endgroup]",
  ]);
  expect(step.annotations).toMatchObject([
    { level: "warning", message: "careful", path: "a.txt", startLine: 3 },
    { level: "notice", message: "look" },
  ]);
  expect(step.summary).toBe("<h1>Sum</h1>\n***\n");
  expect(job.step("after").lines.slice(-3)).toEqual(["multi", "line", expect.stringMatching(/^\/from\/core:/)]);
  expect(job.step("Post Run octo/add@v1").lines).toEqual(["Post job cleanup.", "post knows 42"]);
  expect(job.log).not.toContain("s3cr3t");
});

test("pre, main and post: their order, numbers, names, conditions and shared state", async () => {
  const files = {
    "action.yml": action('{ using: node24, pre: pre.js, main: main.js, post: post.js, post-if: "failure()" }'),
    "pre.js": 'require("fs").appendFileSync(process.env.GITHUB_STATE, "from=pre\\n")',
    "main.js": 'console.log("state " + process.env.STATE_from)',
    "post.js": 'console.log("cleaned after " + process.env.STATE_from)',
  };
  const plain = {
    "action.yml": action("{ using: node24, main: main.js, post: post.js }"),
    "main.js": "process.exit(1)",
    "post.js": "",
  };
  const job = await runAndRecordJob({
    job: `
steps:
  - { name: First, uses: octo/a@v1 }
  - { uses: octo/b@v1 }
  - { uses: octo/b@v2 }`,
    actions: { "octo/a@v1": files, "octo/b@v1": plain, "octo/b@v2": plain },
  });
  expect(job.steps.map(({ number, name, conclusion }) => [number, name, conclusion])).toEqual([
    [1, "Set up job", "success"],
    [2, "Pre First", "success"],
    [3, "First", "success"],
    [4, "Run octo/b@v1", "failure"],
    [5, "Run octo/b@v2", "skipped"],
    [9, "Post Run octo/b@v1", "success"],
    [10, "Post First", "success"],
    [11, "Complete job", "success"],
  ]);
  expect(job.step("First").lines).toContain("state pre");
  expect(job.step("Post First").lines).toContain("cleaned after pre");
});

describe("what an action gets", () => {
  const shows = (body: string, rest = "", using = "node24") => ({
    "action.yml": action(`{ using: ${using}, main: main.js }`, rest),
    "main.js": body,
  });

  test("names of inputs, unexpected and deprecated ones; required ones are not enforced", async () => {
    const job = await runAndRecordJob({
      job: "steps: [{ uses: octo/a@v1, with: { my input-name: 1, other: 2, OLD: 3 } }]",
      actions: {
        "octo/a@v1": shows(
          "for (const n of Object.keys(process.env).filter((n) => n.startsWith('INPUT_')).sort()) console.log(n + '=' + process.env[n])",
          "inputs: { my input-name: { description: d }, old: { description: d, deprecationMessage: use new }, needed: { description: d, required: true } }",
        ),
      },
    });
    expect(job.steps[1]?.lines.filter((line) => line.startsWith("INPUT_"))).toEqual([
      ...["INPUT_MY_INPUT-NAME=1", "INPUT_NEEDED=", "INPUT_OLD=3", "INPUT_OTHER=2"],
    ]);
    expect(job.steps[1]?.annotations.map(({ message }) => message)).toEqual([
      "Input 'OLD' has been deprecated with message: use new",
      "Unexpected input(s) 'other', valid inputs are ['my input-name', 'old', 'needed']",
    ]);
    expect(job.result.conclusion).toBe("success");
  });

  test("the runtime services, the event, and where it comes from", async () => {
    const job = await runAndRecordJob({
      job: "steps: [{ uses: octo/a/sub@v1 }]",
      services: {
        ...{ resultsUrl: "http://127.0.0.1:2/", runtimeToken: "runtime-token-value", cacheMode: "read" },
        ...{ idTokenUrl: "http://127.0.0.1:2/id?x=1", idTokenToken: "id-token-value" },
      },
      actions: {
        "octo/a/sub@v1": shows(`
const e = process.env;
console.log([e.ACTIONS_RESULTS_URL, e.ACTIONS_RUNTIME_TOKEN, e.ACTIONS_CACHE_SERVICE_V2, e.ACTIONS_CACHE_MODE, e.ACTIONS_ID_TOKEN_REQUEST_URL].join(" "));
console.log([e.GITHUB_ACTION, e.GITHUB_ACTION_REPOSITORY, e.GITHUB_ACTION_REF, process.versions.node.split(".")[0]].join(" "));
console.log(JSON.parse(require("fs").readFileSync(e.GITHUB_EVENT_PATH, "utf8")).action + " " + (process.cwd() === e.GITHUB_WORKSPACE));`),
      },
    });
    expect(job.steps[1]?.lines.slice(-3)).toEqual([
      "http://127.0.0.1:2/ *** True read http://127.0.0.1:2/id?x=1",
      "__octo_a octo/a/sub v1 24",
      "opened true",
    ]);
  });

  test("Node 20 is removed: its actions run on Node 24, with GitHub's warning at the end", async () => {
    const job = await runAndRecordJob({
      job: "steps: [{ uses: octo/old@v1 }]",
      actions: { "octo/old@v1": shows("console.log(process.versions.node)", "", "node20") },
    });
    expect(job.steps[1]?.lines.at(-1)).toMatch(/^24\./);
    expect(job.step("Complete job").annotations[0]?.message).toMatch(/^Node\.js 20 is deprecated\..*: octo\/old@v1\./);
  });
});

describe("actions of the workspace", () => {
  test("are read when they are executed; their pre is not run, their post is", async () => {
    const job = await runAndRecordJob({
      job: `
steps:
  - run: mkdir -p my && echo "$FILE" > my/action.yml && echo "console.log('local ' + process.env.GITHUB_ACTION)" > my/main.js
    env: { FILE: "${JSON.stringify(action("{ using: node24, pre: main.js, main: main.js, post: main.js }")).slice(1, -1)}" }
  - uses: ./my`,
    });
    expect(job.result.conclusion).toBe("success");
    expect(job.step("Run ./my").lines.at(-1)).toBe("local __self");
    expect(job.step("Run ./my").annotations).toMatchObject([
      { message: "`pre` execution is not supported for local action from './my'" },
    ]);
    expect(job.step("Post Run ./my").conclusion).toBe("success");
  });

  test("one that uses itself stops at the ninth call", async () => {
    const job = await runAndRecordJob({
      files: { "my/action.yml": action("{ using: composite, steps: [{ uses: ./my }] }") },
      job: "steps: [{ uses: ./my }]",
    });
    expect(job.result.conclusion).toBe("failure");
    expect(job.log).toContain("Composite action depth exceeded max depth 9");
  });

  test.each([
    ["a missing one", "./none", {}, "Did you forget to run actions/checkout before running your local action?"],
    [
      "a Docker action",
      "./d",
      { "d/action.yml": action("{ using: docker, image: Dockerfile }") },
      "runs no containers",
    ],
    ["an invalid one", "./i", { "i/action.yml": "name: i\nruns: { using: node99, main: x }" }, "i/action.yml:2:"],
    ["a missing main", "./m", { "m/action.yml": action("{ using: node24, main: missing.js }") }, "File not found:"],
  ])("%s fails its step with the reason", async (_, uses, files, message) => {
    const job = await runAndRecordJob({ files, job: `steps: [{ uses: ${uses} }]` });
    expect(job.steps[1]?.conclusion).toBe("failure");
    expect(job.steps[1]?.lines.join("\n")).toContain(message);
  });
});

test.each([
  ["an action that does not exist", "octo/none@v1", "Unable to resolve action octo/none@v1, repository not found"],
  ["a container", "docker://alpine:3", "runs no containers"],
])("%s fails the job in its set up", async (_, uses, message) => {
  const job = await runAndRecordJob({ job: `steps: [{ run: 'true' }, { uses: "${uses}" }]` });
  expect(job.result.conclusion).toBe("failure");
  expect(job.steps.map(({ name, conclusion }) => [name, conclusion])).toEqual([["Set up job", "failure"]]);
  expect(job.log).toContain(message);
});

test("$/ is the repository of the workflow or the composite action", async () => {
  const job = await runAndRecordJob({
    job: "steps: [{ uses: $/own }, { uses: octo/lib/outer@v3 }]",
    contexts: { job: { workflow_repository: "octo/caller", workflow_sha: "abc" } },
    actions: {
      "octo/caller/own@abc": { "action.yml": action("{ using: node24, main: m.js }"), "m.js": "console.log('own')" },
      "octo/lib/outer@v3": { "action.yml": action("{ using: composite, steps: [{ uses: $/inner }] }") },
    },
  });
  expect(job.log).toContain("Unable to resolve action octo/lib/outer/inner@v3");
});
