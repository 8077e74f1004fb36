import { expect, test } from "vitest";
import { createAccount } from "../../operations/people/accounts.ts";
import { forkRepository } from "../../operations/people/repositories.ts";
import { startTestActions } from "../starting/testing.ts";
import { privilegesOf } from "./run-privileges.ts";

// GitHub docs, "Events that trigger workflows" (forked repositories) and "Dependabot on Actions".
test.each([
  ["pull_request", "own", "alice", "Actions"],
  ["pull_request", "fork", "alice", "None"],
  ["pull_request_review", "fork", "alice", "None"],
  ["pull_request_target", "fork", "alice", "Actions"],
  ["issue_comment", "fork", "alice", "Actions"],
  ["workflow_run", "fork", "alice", "Actions"],
  ["pull_request", "own", "dependabot[bot]", "Dependabot"],
  ["push", "own", "dependabot[bot]", "Dependabot"],
  ["workflow_dispatch", "own", "dependabot[bot]", "Actions"],
])("%s from the %s repository by %s: secrets of %s", async (event, head, login, secretSource) => {
  await using hub = await startTestActions();
  const { world, repository } = hub;
  const actor = world.accounts.get(login) ?? createAccount(world, { login, kind: "Bot" });
  const fork = await forkRepository(world, repository, hub.as("dave").actor);
  const privileges = privilegesOf({ event, repository, headRepository: head === "fork" ? fork : repository, actor });
  const full = secretSource === "Actions";
  expect(privileges).toEqual({ readOnlyToken: !full, secrets: full, secretSource });
});
