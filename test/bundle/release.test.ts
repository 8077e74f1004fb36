/** A release, made by the script in a clone and used from a workflow. */
import { execFile, execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildActions, root } from "./built-actions.ts";

let clone: string;
const git = (...arguments_: readonly string[]): string =>
  execFileSync("git", ["-c", "user.name=Release", "-c", "user.email=release@example.org", ...arguments_], {
    cwd: clone,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();

function release(...arguments_: readonly string[]): { readonly status: number | null; readonly output: string } {
  const author = { GIT_AUTHOR_NAME: "Release", GIT_AUTHOR_EMAIL: "release@example.org" };
  const committer = { GIT_COMMITTER_NAME: "Release", GIT_COMMITTER_EMAIL: "release@example.org" };
  const script = join(root, "scripts/release.mjs");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [script, "--repository", clone, "--bundles", root, ...arguments_],
    { encoding: "utf8", env: { ...process.env, ...author, ...committer } },
  );
  return { status, output: stdout + stderr };
}

beforeAll(() => {
  buildActions();
  clone = mkdtempSync(join(tmpdir(), "release-test-"));
  git("clone", "--quiet", root, ".");
  git("checkout", "--quiet", "-B", "main");
  // The work tree with its uncommitted changes, so that they are released too.
  for (const name of readdirSync(join(root, "actions"))) {
    const metadata = `actions/${name}/action.yml`;
    if (existsSync(join(root, metadata))) cpSync(join(root, metadata), join(clone, metadata));
  }
  // Pushed into a local GitHub, they would run: this suite within itself.
  git("rm", "-r", "--quiet", ".github/workflows");
  git("add", "--all");
  git("commit", "--quiet", "--allow-empty", "--message", "Work tree");
}, 120_000);
afterAll(() => rmSync(clone, { recursive: true, force: true }));

describe("a release", () => {
  test("is a commit outside main with bundles and checksums, tagged, and the major tag moves along", () => {
    const before = git("rev-parse", "main");
    expect(release("1.0.0").output).toContain("its texts say OWNER");
    const { status, output } = release("1.1.0", "--owner", "octo");
    expect([status, output]).toEqual([0, expect.stringContaining("it is used as octo/mlops-actions@v1")]);
    expect(git("rev-parse", "main")).toBe(before);
    expect(git("status", "--porcelain")).toBe("");
    expect(git("rev-parse", "v1")).toBe(git("rev-parse", "v1.1.0^{commit}"));
    expect(git("rev-parse", "v1.1.0^")).toBe(before);
    const added = git("diff", "--name-only", "main", "v1").split("\n");
    expect(added).toContain("SHA256SUMS");
    expect(added.filter((path) => /dist\/\d+\.index\.js$/.test(path)).length).toBeGreaterThan(0);
    const [texts, bundles] = [/\.md$|^workflows-templates\/.*\.yml$/, /^(?:SHA256SUMS|actions\/[^/]+\/dist\/.+)$/];
    expect(added.filter((path) => !texts.test(path) && !bundles.test(path))).toEqual([]);
    // What a user pastes works as it is.
    for (const path of ["README.md", "workflows-templates/pull-request.yml"]) {
      expect(git("show", `v1:${path}`)).toContain("octo/mlops-actions");
      expect(git("show", `v1:${path}`)).not.toContain("OWNER/");
    }
    expect(git("show", "v1.0.0:README.md")).toContain("OWNER/mlops-actions@v1");
    expect(git("for-each-ref", "--format=%(contents)", "refs/tags/v1.1.0")).toMatch(/^Release v1\.1\.0\n\n\* /);
    for (const line of git("show", "v1:SHA256SUMS").split("\n")) {
      const [sum, path] = line.split("  ");
      const bytes = execFileSync("git", ["show", `v1:${path}`], { cwd: clone, maxBuffer: 2 ** 26 });
      const digest = createHash("sha256").update(bytes).digest("hex");
      expect(digest).toBe(sum);
    }
  });

  test.each<[string, () => void, readonly string[], RegExp]>([
    ["an invalid version", () => {}, ["one"], /"one" is not a version/],
    ["an invalid account", () => {}, ["1.2.0", "--owner", "a/b"], /"a\/b" is not an account/],
    ["a version that exists", () => {}, ["v1.1.0"], /v1\.1\.0 exists already/],
    ["a lower version", () => {}, ["1.0.5"], /v1\.1\.0 is newer than v1\.0\.5/],
    ["a dirty work tree", () => writeFileSync(join(clone, "left-over"), ""), ["1.2.0"], /has changes.*left-over/s],
    ["missing bundles", () => rmSync(join(clone, "left-over")), ["1.2.0", "--bundles", "."], /is missing/],
  ])("of %s is refused, and nothing is tagged", (_, prepare, arguments_, message) => {
    prepare();
    const before = git("tag", "--list");
    const { status, output } = release(...arguments_.map((argument) => (argument === "." ? clone : argument)));
    expect(status).toBe(1);
    expect(output).toMatch(message);
    expect(git("tag", "--list")).toBe(before);
  });

  test("of a bundle without one of its chunks is refused by its name", () => {
    const bundles = mkdtempSync(join(tmpdir(), "without-chunk-"));
    for (const name of readdirSync(join(root, "actions"))) {
      const dist = join(root, "actions", name, "dist");
      if (existsSync(dist)) cpSync(dist, join(bundles, "actions", name, "dist"), { recursive: true });
    }
    const dist = "actions/gate-metrics/dist";
    const [chunk = ""] = readdirSync(join(bundles, dist)).filter((name) => /^\d+\.index\.js$/.test(name));
    rmSync(join(bundles, dist, chunk));
    const { status, output } = release("1.2.0", "--bundles", bundles);
    expect([status, output]).toEqual([1, expect.stringContaining(`${dist}/${chunk} is missing`)]);
  });

  test("a candidate does not move the major tag", () => {
    const before = git("rev-parse", "v1");
    expect(release("1.2.0-rc.1")).toMatchObject({ status: 0 });
    expect(git("rev-parse", "v1")).toBe(before);
  });

  test("runs from a workflow as OWNER/mlops-actions/actions/<name>@v1", async () => {
    await using github = await startLocalGitHub({
      repository: "octo/model",
      files: {
        ".github/workflows/ci.yml": WORKFLOW,
        ".github/mlops.yml": "version: 1\ndata:\n  contract: contract.yml\n  files: [data.csv]\n",
        "contract.yml": "version: 1\ncolumns:\n  - { name: age, type: integer, min: 0 }\n",
        "data.csv": "age\n42\n",
      },
    });
    const suite = await github.addRepository("octo/mlops-actions");
    const address = new URL(`${github.url}/${suite.fullName}.git`);
    address.username = "octo";
    address.password = github.token;
    // Asynchronous: this process is the server too.
    await promisify(execFile)("git", ["push", "--quiet", address.href, "main", "v1.1.0", "v1"], { cwd: clone });

    const run = await github.run("ci.yml");
    const log = github.log(run);
    expect(run.attempts.at(-1)?.conclusion, log).toBe("success");
    expect(log).toContain("the data is pass");
  });

  test.each([
    ["v1", () => "v1"],
    ["its full SHA", () => git("rev-parse", "v1^{commit}")],
  ])("runs as the README's twelve lines are pasted from it, by %s", async (_, ref) => {
    const [, pasted = ""] = /^```yaml\n([\s\S]*?)^```$/m.exec(git("show", "v1:README.md")) ?? [];
    const workflow = pasted
      .replace("@v1", `@${ref()}`)
      .replace("pip install -r requirements.txt && python train.py", "cp measured.json metrics.json");
    await using github = await startLocalGitHub({ repository: "octo/model" });
    const suite = await github.addRepository("octo/mlops-actions");
    const address = new URL(`${github.url}/${suite.fullName}.git`);
    address.username = "octo";
    address.password = github.token;
    await promisify(execFile)("git", ["push", "--quiet", address.href, "main", "v1"], { cwd: clone });
    await github.push({
      files: { ".github/workflows/model.yml": workflow, "measured.json": '{"mae": 2.6345678901234567}' },
    });
    await github.waitUntilIdle();
    const run = github.runs({ workflow: "model.yml" }).at(-1);
    expect([run?.attempts.at(-1)?.conclusion, run && github.log(run)]).toEqual([
      "success",
      expect.stringContaining("octo/mlops-actions@"),
    ]);
  });
});

const WORKFLOW = `
name: ci
on: workflow_dispatch
permissions: {}
jobs:
  data:
    runs-on: ubuntu-latest
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@v7
      - id: check
        uses: octo/mlops-actions/actions/check-data@v1
      - run: echo "the data is \${{ steps.check.outputs.outcome }}"
`;
