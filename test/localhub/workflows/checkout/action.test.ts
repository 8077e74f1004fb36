import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createGitHttpMount } from "../../git-http/smart-http.ts";
import { createAccount } from "../../operations/people/accounts.ts";
import { createRepository } from "../../operations/people/repositories.ts";
import { classicToken } from "../../operations/people/tokens.ts";
import type { BuiltinCall, BuiltinOutcome } from "../../runner/job.ts";
import type { Repository } from "../../world/repository.ts";
import { createWorld } from "../../world/world.ts";
import { createActionSource } from "../action-source.ts";

const directory = mkdtempSync(join(tmpdir(), "localhub-checkout-"));
const world = createWorld({ directory });
const mount = createGitHttpMount(world);
const server = createServer((request, response) => {
  void mount(request, response, new URL(request.url ?? "/", world.urls.html));
});
const octo = createAccount(world, { login: "octo" });
const person = { name: "Octo", email: "octo@example.test", date: new Date("2026-01-01T00:00:00Z") };

async function commit(repository: Repository, files: Record<string, string>, parents: readonly string[] = []) {
  const { git } = repository;
  const changes = await Promise.all(
    Object.entries(files).map(async ([path, text]) => ({
      ...{ path, mode: "100644" as const, type: "blob" as const },
      sha: await git.writeBlob(Buffer.from(text)),
    })),
  );
  const tree = await git.writeTree(undefined, changes);
  return git.writeCommit({ tree, parents, author: person, committer: person, message: Object.keys(files).join() });
}

const shas = { first: "", main: "", merge: "", other: "" };
let token = "";
let jobs = 0;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  world.urls.html = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  token = classicToken(world, octo).value;
  const app = await createRepository(world, { owner: octo, name: "app", private: true });
  shas.first = await commit(app, { "README.md": "first" });
  shas.main = await commit(app, { "README.md": "main", "src/a.txt": "a" }, [shas.first]);
  shas.merge = await commit(app, { "README.md": "merged" }, [shas.main]);
  await app.git.createRef("refs/heads/main", shas.main);
  await app.git.createRef("refs/heads/feature/x", shas.first);
  await app.git.createRef("refs/tags/v1", shas.first);
  await app.git.createRef("refs/pull/7/merge", shas.merge);
  const other = await createRepository(world, { owner: octo, name: "other", defaultBranch: "trunk" });
  shas.other = await commit(other, { "action.yml": "name: other" });
  await other.git.createRef("refs/heads/trunk", shas.other);
  await other.git.createRef("refs/tags/v1", shas.other);
});

afterAll(() => {
  server.close();
  rmSync(directory, { recursive: true });
});

interface Machine {
  readonly workspace: string;
  readonly temp: string;
}

async function newMachine(): Promise<Machine> {
  jobs += 1;
  const [workspace, temp] = [join(directory, `job-${jobs}`, "app"), join(directory, `job-${jobs}`, "temp")];
  await mkdir(workspace, { recursive: true });
  await mkdir(temp);
  return { workspace, temp };
}

interface Checkout extends Machine {
  readonly outcome: BuiltinOutcome;
  readonly log: readonly string[];
  post(): Promise<void>;
}

async function checkout(
  inputs: Record<string, string> = {},
  github: BuiltinCall["github"] = {},
  machine?: Machine,
): Promise<Checkout> {
  const folders = machine ?? (await newMachine());
  const log: string[] = [];
  const app = world.repositories.get("octo/app");
  if (app === undefined) throw new Error("no repository");
  const fetched = await createActionSource(world, { repository: app, sha: shas.main }).fetch("actions/checkout@v7");
  if (fetched.kind !== "builtin") throw new Error("not built in");
  const context = {
    log: (line: string) => void log.push(line),
    signal: new AbortController().signal,
    env: { PATH: process.env["PATH"] ?? "", HOME: directory, GIT_CONFIG_NOSYSTEM: "1" },
  };
  const event = { repository: "octo/app", ref: "refs/heads/main", sha: shas.main, event_name: "push", event: {} };
  const outcome = await fetched.run({
    ...{ ...context, ...folders },
    inputs: { repository: "octo/app", token, ...inputs },
    github: { ...event, ...github },
  });
  return { ...folders, outcome, log, post: async () => outcome.post?.(context) };
}

async function git(folder: string, ...args: readonly string[]): Promise<string> {
  const env = { PATH: process.env["PATH"] ?? "", HOME: directory, GIT_CONFIG_NOSYSTEM: "1", GIT_TERMINAL_PROMPT: "0" };
  return (await promisify(execFile)("git", args, { cwd: folder, env })).stdout.trim();
}

describe("what is checked out", () => {
  test("by default the event's commit, one deep, on its branch", async () => {
    const { workspace, outcome } = await checkout();
    expect(outcome.outputs).toEqual({ ref: "refs/heads/main", commit: shas.main });
    expect(await readFile(join(workspace, "src/a.txt"), "utf8")).toBe("a");
    expect(await git(workspace, "rev-list", "--count", "HEAD")).toBe("1");
    expect(await git(workspace, "symbolic-ref", "HEAD")).toBe("refs/heads/main");
    expect(await git(workspace, "tag")).toBe("");
  });

  test("the event's commit, although the branch has moved", async () => {
    const { workspace } = await checkout({}, { sha: shas.first });
    expect(await git(workspace, "rev-parse", "HEAD")).toBe(shas.first);
    const whole = await checkout({ "fetch-depth": "0" }, { sha: shas.first });
    expect(await git(whole.workspace, "rev-parse", "HEAD", "refs/remotes/origin/main")).toBe(
      `${shas.first}\n${shas.first}`,
    );
  });

  test("a pull request's test merge, detached, under refs/remotes/pull", async () => {
    const { workspace } = await checkout({}, { ref: "refs/pull/7/merge", sha: shas.merge, event_name: "pull_request" });
    expect(await git(workspace, "rev-parse", "HEAD", "refs/remotes/pull/7/merge")).toBe(`${shas.merge}\n${shas.merge}`);
    await expect(git(workspace, "symbolic-ref", "HEAD")).rejects.toThrow();
  });

  test("everything, with fetch-depth 0", async () => {
    const { workspace } = await checkout({ "fetch-depth": "0" });
    expect(await git(workspace, "rev-list", "--count", "HEAD")).toBe("2");
    expect(await git(workspace, "for-each-ref", "--format=%(refname)", "refs/remotes", "refs/tags")).toBe(
      "refs/remotes/origin/feature/x\nrefs/remotes/origin/main\nrefs/tags/v1",
    );
  });

  test.each([
    ["a branch", "feature/x", "refs/heads/feature/x"],
    ["a tag", "v1", undefined],
    ["a full branch", "refs/heads/feature/x", "refs/heads/feature/x"],
    ["a full tag", "refs/tags/v1", undefined],
  ])("%s on request", async (_, ref, head) => {
    const { workspace, outcome } = await checkout({ ref });
    expect(outcome.outputs).toEqual({ ref, commit: shas.first });
    if (head === undefined) await expect(git(workspace, "symbolic-ref", "HEAD")).rejects.toThrow();
    else expect(await git(workspace, "symbolic-ref", "HEAD")).toBe(head);
  });

  test("a commit by its SHA, detached", async () => {
    const { workspace, outcome } = await checkout({ ref: shas.first });
    expect(outcome.outputs).toEqual({ ref: "", commit: shas.first });
    expect(await git(workspace, "rev-parse", "HEAD")).toBe(shas.first);
  });

  test("another repository's default branch, in a folder of its own", async () => {
    const { workspace, outcome } = await checkout({ repository: "octo/other", path: "deep/other" });
    expect(outcome.outputs).toEqual({ ref: "refs/heads/trunk", commit: shas.other });
    expect(readdirSync(join(workspace, "deep/other")).toSorted()).toEqual([".git", "action.yml"]);
  });

  test("tags too, on request", async () => {
    const { workspace } = await checkout({ "fetch-tags": "true" });
    expect(await git(workspace, "tag")).toBe("v1");
  });

  test("a folder of the last job is reused and cleaned", async () => {
    const machine = await newMachine();
    await checkout({}, {}, machine);
    await writeFile(join(machine.workspace, "left-behind"), "");
    await writeFile(join(machine.workspace, "README.md"), "changed");
    await checkout({ ref: "feature/x" }, {}, machine);
    expect(readdirSync(machine.workspace).toSorted()).toEqual([".git", "README.md"]);
    expect(await git(machine.workspace, "branch", "--format=%(refname:short)")).toBe("feature/x");
  });
});

describe("the token", () => {
  test("lets later steps use git until the job ends, and is never in the configuration itself", async () => {
    const { workspace, temp, post, log } = await checkout();
    const config = readFileSync(join(workspace, ".git/config"), "utf8");
    expect(config).not.toContain(Buffer.from(`x-access-token:${token}`).toString("base64"));
    expect(await git(workspace, "ls-remote", "origin", "refs/heads/main")).toContain(shas.main);
    expect(log.filter((line) => line.includes("AUTHORIZATION"))).toEqual([]);
    await post();
    await expect(git(workspace, "ls-remote", "origin")).rejects.toThrow();
    expect(readdirSync(temp)).toEqual([]);
  });

  test("is removed at once without persist-credentials", async () => {
    const { workspace, temp, outcome } = await checkout({ "persist-credentials": "false" });
    expect(outcome.post).toBeUndefined();
    await expect(git(workspace, "ls-remote", "origin")).rejects.toThrow();
    expect(readdirSync(temp)).toEqual([]);
  });

  test("that is unknown gives no access, and the error is git's own", async () => {
    await expect(checkout({ token: "ghp_unknown" })).rejects.toThrow(/The process 'git' failed with exit code 128/);
  });
});

test("the fork's code is rejected in a privileged workflow", async () => {
  const head = { sha: "f".repeat(40), repo: { id: 2, full_name: "mallory/app" } };
  const event = { repository: { id: 1 }, pull_request: { head } };
  const privileged = { event_name: "pull_request_target", event };
  await expect(checkout({ ref: "refs/pull/7/merge" }, privileged)).rejects.toThrow("Refusing to check out fork");
  const { workspace } = await checkout({ ref: "refs/pull/7/merge", "allow-unsafe-pr-checkout": "true" }, privileged);
  expect(existsSync(join(workspace, "README.md"))).toBe(true);
});

describe("what is rejected", () => {
  test.each([
    [{ repository: "app" }, "Invalid repository 'app'. Expected format {owner}/{repo}."],
    [{ path: "../out" }, "is not under"],
    [{ ref: "nowhere" }, "The process 'git' failed with exit code 1"],
    [{ ref: "feature" }, "A branch or tag with the name 'feature' could not be found"],
    [{ lfs: "true" }, "the input 'lfs' is not supported"],
    [{ submodules: "recursive" }, "the input 'submodules' is not supported"],
    [{ "ssh-key": "k" }, "the input 'ssh-key' is not supported"],
    [{ "sparse-checkout": "src" }, "the input 'sparse-checkout' is not supported"],
    [{ token: "" }, "Input required and not supplied: token"],
  ])("%j", async (inputs, message) => {
    await expect(checkout(inputs)).rejects.toThrow(message);
  });
});
