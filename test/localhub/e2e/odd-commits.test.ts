/** Unusual commits from practice: the API returns what git contains. */
import { expect, test } from "vitest";
import { startLocalGitHub } from "../index.ts";

const WORKFLOW = "on: [push, workflow_dispatch]\njobs: { a: { runs-on: ubuntu-latest, steps: [{ run: 'true' }] } }\n";

test.each(["a@b", "root@(none)", "", "49699333+dependabot[bot]@users.noreply.github.com", "no at sign"])(
  "a commit by <%s> is listed, compared and run",
  async (email) => {
    await using github = await startLocalGitHub({ files: { ".github/workflows/w.yml": WORKFLOW } });
    const { git } = github.repository;
    const parent = (await git.resolve("main")) ?? "";
    const person = { name: "Odd", email, date: new Date("2026-01-02T03:04:05Z") };
    const tree = (await git.commit(parent))?.tree ?? "";
    const sha = await git.writeCommit({ tree, parents: [parent], author: person, committer: person, message: "odd" });
    const created = await github.request("POST /repos/{owner}/{repo}/git/refs", { ref: "refs/heads/odd", sha });
    expect(created.status).toBe(201);
    await github.run("w.yml", { ref: "odd" });

    for (const route of ["actions/runs", "commits?sha=odd", "compare/main...odd", "branches/odd", "git/commits/SHA"]) {
      const { status, body } = await github.request(`GET /repos/{owner}/{repo}/${route.replace("SHA", sha)}`);
      expect({ route, status, message: body.message }).toMatchObject({ status: 200 });
    }
    expect(github.takeConformanceErrors()).toEqual([]);
  },
);
