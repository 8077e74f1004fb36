import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startLocalGitHub } from "../index.ts";

describe("a folder of this computer", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "localhub-import-"));
    await mkdir(join(folder, "data"));
    await writeFile(join(folder, "data", "a.csv"), "a\n1\n");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const git = (...words: readonly string[]): string =>
    execFileSync("git", ["-C", folder, "-c", "user.name=A", "-c", "user.email=a@example.com", ...words], {
      encoding: "utf8",
      env: { PATH: process.env["PATH"], GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
    }).trim();

  test("that is not a repository is committed", async () => {
    await mkdir(join(folder, "node_modules"));
    await writeFile(join(folder, "node_modules", "x.js"), "");
    await using github = await startLocalGitHub({ directory: folder });
    const { git: repository } = github.repository;
    const tree = await repository.tree((await repository.resolve("main")) ?? "", { recursive: true });
    expect(tree?.filter((entry) => entry.type === "blob").map((entry) => entry.path)).toEqual(["data/a.csv"]);
  });

  test("runs no workflow by itself, and all on push when they are wanted", async () => {
    await mkdir(join(folder, ".github/workflows"), { recursive: true });
    const steps = "steps: [{ run: echo $SECRET, env: { SECRET: '${{ secrets.KEY }}' } }]";
    await writeFile(
      join(folder, ".github/workflows/ci.yml"),
      `on: push\njobs: { ci: { runs-on: ubuntu-latest, ${steps} } }\n`,
    );
    for (const [name, text] of [
      [".gitignore", "venv\n"],
      ["venv", "x"],
      [".secrets", "KEY=x"],
      [".vars", "A=b"],
    ] as const)
      await writeFile(join(folder, name), text);
    await using github = await startLocalGitHub({ directory: folder });
    await github.waitUntilIdle();
    expect(github.runs()).toEqual([]);
    await github.announcePush();
    expect(github.runs().map(({ event, attempts }) => [event, attempts.at(-1)?.conclusion])).toEqual([
      ["push", "success"],
    ]);
    const { git: repository } = github.repository;
    const tree = await repository.tree((await repository.resolve("main")) ?? "", { recursive: true });
    expect(tree?.filter(({ type }) => type === "blob").map(({ path }) => path)).toEqual([
      ".github/workflows/ci.yml",
      ".gitignore",
      "data/a.csv",
    ]);
  });

  test("can be an action at a tag", async () => {
    await writeFile(
      join(folder, "action.yml"),
      "name: x\nruns: { using: composite, steps: [{ run: echo hello from it, shell: bash }] }\n",
    );
    const workflow = "on: push\njobs: { ci: { runs-on: ubuntu-latest, steps: [{ uses: acme/x@v1 }] } }\n";
    await using github = await startLocalGitHub();
    await github.addRepository("acme/x", { directory: folder, tag: "v1" });
    await github.push({ files: { ".github/workflows/ci.yml": workflow } });
    await github.waitUntilIdle();
    const [run] = github.runs();
    expect(run && github.log(run)).toContain("hello from it");
  });

  test("that is a repository is imported with its history, branches and tags, without uncommitted changes", async () => {
    git("init", "--quiet", "--initial-branch=trunk");
    git("add", ".");
    git("commit", "--quiet", "--message=One");
    git("tag", "v1");
    git("branch", "side");
    await writeFile(join(folder, "data", "a.csv"), "a\n2\n");
    await using github = await startLocalGitHub({ directory: folder });
    expect(github.repository.defaultBranch).toBe("trunk");
    expect((await github.repository.git.refs("refs/")).map((ref) => ref.name)).toEqual([
      "refs/heads/side",
      "refs/heads/trunk",
      "refs/tags/v1",
    ]);
    expect((await github.repository.git.ref("refs/heads/trunk"))?.sha).toBe(git("rev-parse", "HEAD"));
    expect((await github.repository.git.read("trunk", "data/a.csv"))?.toString()).toBe("a\n1\n");
  });

  test("that does not exist is reported", async () => {
    await expect(startLocalGitHub({ directory: join(folder, "nowhere") })).rejects.toThrow(
      /there is no folder .*nowhere/,
    );
  });
});
