import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAccount } from "../operations/people/accounts.ts";
import { createRepository } from "../operations/people/repositories.ts";
import type { ActionSource } from "../runner/job.ts";
import type { Account } from "../world/identity.ts";
import { createWorld } from "../world/world.ts";
import { createActionSource } from "./action-source.ts";

const directory = mkdtempSync(join(tmpdir(), "localhub-actions-"));
const world = createWorld({ directory });
const octo = createAccount(world, { login: "octo" });
const shas = { app: "", other: "" };
let source: ActionSource;

/** A repository of one commit, on `main` and with the tag `v1`. */
async function repositoryOf(owner: Account, name: string, path: string, text: string, hidden = false) {
  const repository = await createRepository(world, { owner, name, private: hidden });
  const { git } = repository;
  const blob = { path, mode: "100644", type: "blob", sha: await git.writeBlob(Buffer.from(text)) } as const;
  const person = { name: "Octo", email: "octo@example.test", date: new Date("2026-01-01T00:00:00Z") };
  const tree = await git.writeTree(undefined, [blob]);
  const sha = await git.writeCommit({ tree, parents: [], author: person, committer: person, message: name });
  await git.createRef("refs/heads/main", sha);
  await git.createRef("refs/tags/v1", sha);
  return { repository, sha };
}

beforeAll(async () => {
  const app = await repositoryOf(octo, "app", "src/a.txt", "a");
  const other = await repositoryOf(octo, "other", "action.yml", "name: other", true);
  await other.repository.git.createRef("refs/tags/file", await other.repository.git.writeBlob(Buffer.from("a file")));
  await repositoryOf(createAccount(world, { login: "mallory" }), "hidden", "action.yml", "name: hidden", true);
  Object.assign(shas, { app: app.sha, other: other.sha });
  source = createActionSource(world, { repository: app.repository, sha: app.sha });
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

describe("where actions come from", () => {
  test("a tag, a branch and a full SHA of a repository; its files are written once", async () => {
    const fetched = await Promise.all(
      ["octo/other@v1", "Octo/Other@main", `octo/other@${shas.other}`].map((uses) => source.fetch(uses)),
    );
    const folders = fetched.map((action) => (action.kind === "directory" ? action.directory : ""));
    expect(new Set(folders).size).toBe(1);
    expect(readFileSync(join(folders[0] ?? "", "action.yml"), "utf8")).toBe("name: other");
  });

  test("$/ is the run's own commit", async () => {
    const fetched = await source.fetch("$/src");
    expect(fetched).toMatchObject({ kind: "directory", repository: "octo/app", ref: shas.app });
    expect(readdirSync(fetched.kind === "directory" ? fetched.directory : "")).toEqual(["a.txt"]);
  });

  test("a repository of this local GitHub takes precedence over a built-in action of its name", async () => {
    expect(await source.fetch("actions/checkout@v4")).toMatchObject({ kind: "builtin" });
    const actions = createAccount(world, { login: "actions", kind: "Organization" });
    await repositoryOf(actions, "checkout", "action.yml", "name: own");
    expect(await source.fetch("actions/checkout@v1")).toMatchObject({ kind: "directory" });
  });

  test.each([
    ["octo/none@v1", "Unable to resolve action octo/none, repository not found"],
    ["mallory/hidden@v1", "Unable to resolve action mallory/hidden, repository not found"],
    ["actions/github-script@v8", "push the action to one named actions/github-script"],
    ["octo/other@v9", "unable to find version `v9`"],
    ["octo/other@file", "unable to find version `file`"],
    ["octo/other", "Expected format {owner}/{repo}[/path]@{ref}"],
    ["octo/other/../x@v1", "may not leave the repository"],
  ])("%s is refused", async (uses, message) => {
    await expect(source.fetch(uses)).rejects.toThrow(message);
  });

  test("a shortened SHA is refused with the full one", async () => {
    await expect(source.fetch(`octo/other@${shas.other.slice(0, 8)}`)).rejects.toThrow(
      `Please use the full commit SHA \`${shas.other}\` instead.`,
    );
  });
});
