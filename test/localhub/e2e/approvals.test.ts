/** Environments: who may approve a job, what the job gets only then, and what is recorded. */
import { describe, expect, test } from "vitest";
import { startLocalGitHub } from "../index.ts";

const PROMOTE = `
name: promote
on:
  workflow_dispatch:
    inputs:
      version: { required: true, type: string }
permissions: {}
jobs:
  plan:
    runs-on: ubuntu-latest
    outputs: { digest: "\${{ steps.plan.outputs.digest }}" }
    steps:
      - id: plan
        env: { VERSION: "\${{ inputs.version }}" }
        run: |
          echo "digest=$(printf '%s' "$VERSION" | sha256sum | cut -c1-8)" >> "$GITHUB_OUTPUT"
          echo "key is [\${{ secrets.REGISTRY_KEY }}]"
  apply:
    needs: plan
    runs-on: ubuntu-latest
    environment: { name: production, url: "https://example.com/\${{ needs.plan.outputs.digest }}" }
    steps:
      - run: |
          echo "promoting \${{ needs.plan.outputs.digest }}"
          test "$KEY" = "registry-secret" && echo "the key is $KEY"
        env: { KEY: "\${{ secrets.REGISTRY_KEY }}" }
`;

const options = {
  people: { alice: "write", bob: "write", carol: "write" },
  environments: {
    production: {
      reviewers: ["alice", "bob"],
      preventSelfReview: true,
      secrets: { REGISTRY_KEY: "registry-secret" },
    },
  },
  files: { ".github/workflows/promote.yml": PROMOTE },
} as const;

describe("a job with an environment", () => {
  test("waits, refuses its requester and other users, and gets its secrets once another reviewer approves", async () => {
    await using github = await startLocalGitHub(options);
    const run = await github.as("alice").run("promote.yml", { inputs: { version: "v1.2.0" } });
    expect(run.attempts.at(-1)?.jobs.map(({ name, status }) => [name, status])).toEqual([
      ["plan", "completed"],
      ["apply", "waiting"],
    ]);
    expect(github.log(run, "plan")).toContain("key is []");

    await expect(github.as("alice").approve(run, "production")).rejects.toThrow();
    await expect(github.as("carol").approve(run, "production")).rejects.toThrow();
    expect(run.attempts.at(-1)?.status).not.toBe("completed");

    await github.as("bob").approve(run, "production", "checked the plan");
    expect(run.attempts.at(-1)?.conclusion).toBe("success");
    expect(github.log(run, "apply")).toContain("the key is ***");
    expect(github.log(run, "apply")).not.toContain("registry-secret");

    const approvals = await github.request("GET /repos/{owner}/{repo}/actions/runs/{id}/approvals", { id: run.id });
    expect(approvals.body).toMatchObject([
      {
        state: "approved",
        comment: "checked the plan",
        user: { login: "bob" },
        environments: [{ name: "production" }],
      },
    ]);
    const deployments = await github.request("GET /repos/{owner}/{repo}/deployments", { environment: "production" });
    expect(deployments.body).toHaveLength(1);
    const statuses = await github.request("GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses", {
      deployment_id: deployments.body[0].id,
    });
    expect(statuses.body[0]).toMatchObject({ state: "success" });
    expect(statuses.body[0].environment_url).toMatch(/^https:\/\/example\.com\/[0-9a-f]{8}$/);
  });

  test("fails when it is rejected", async () => {
    await using github = await startLocalGitHub(options);
    const run = await github.as("alice").run("promote.yml", { inputs: { version: "v1.2.0" } });
    await github.as("bob").reject(run, "production", "not today");
    expect(run.attempts.at(-1)?.conclusion).toBe("failure");
    expect(github.log(run, "apply")).not.toContain("promoting");
  });

  test("cannot be approved by the token of a job", async () => {
    await using github = await startLocalGitHub({
      ...options,
      files: {
        ...options.files,
        ".github/workflows/cheat.yml": `
on: workflow_dispatch
permissions: { actions: write, deployments: write }
jobs:
  cheat:
    runs-on: ubuntu-latest
    steps:
      - run: |
          run=$(curl -s -H "authorization: Bearer $TOKEN" "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/actions/runs?status=waiting" | grep -o '"id":[0-9]*' | head -1 | cut -d: -f2)
          curl -s -o /dev/null -w '%{http_code}' -X POST -H "authorization: Bearer $TOKEN" -d '{"environment_ids":['"$ID"'],"state":"approved","comment":"me"}' "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/actions/runs/$run/pending_deployments"
        env: { TOKEN: "\${{ github.token }}", ID: "\${{ vars.ENVIRONMENT_ID }}" }
`,
      },
    });
    const run = await github.as("alice").run("promote.yml", { inputs: { version: "v1.2.0" } });
    github.repository.actions.variables.set(
      "ENVIRONMENT_ID",
      String(github.repository.environments.get("production")?.id),
    );
    const cheat = await github.as("alice").run("cheat.yml");
    expect(github.log(cheat)).toMatch(/4(?:03|22)/);
    expect(run.approvals).toEqual([]);
    expect(run.attempts.at(-1)?.status).not.toBe("completed");
  });

  test("waits for its timer on the local GitHub's own clock", async () => {
    await using github = await startLocalGitHub({
      ...options,
      environments: { production: { waitTimer: 60, secrets: { REGISTRY_KEY: "registry-secret" } } },
    });
    const run = await github.run("promote.yml", { inputs: { version: "v1" } });
    expect(run.attempts.at(-1)?.jobs.at(-1)?.status).toBe("waiting");
    github.clock.advance(61 * 60_000);
    await github.waitUntilIdle();
    expect(run.attempts.at(-1)?.conclusion).toBe("success");
  });
});
