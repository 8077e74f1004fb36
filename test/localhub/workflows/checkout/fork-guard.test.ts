import { describe, expect, test } from "vitest";
import { assertNoForkCode } from "./fork-guard.ts";
import type { CheckoutInputs } from "./inputs.ts";

const BASE = "b".repeat(40);
const HEAD = "f".repeat(40);
const MERGE = "c".repeat(40);
const fork = { id: 2, full_name: "mallory/app" };

const target = {
  event_name: "pull_request_target",
  event: { repository: { id: 1 }, pull_request: { head: { sha: HEAD, repo: fork }, merge_commit_sha: MERGE } },
};
const afterRunOf = (event: string) => ({
  event_name: "workflow_run",
  event: { repository: { id: 1 }, workflow_run: { event, head_sha: HEAD, head_repository: fork } },
});

function checkout(inputs: Partial<CheckoutInputs>, github: Parameters<typeof assertNoForkCode>[1]) {
  const defaults: CheckoutInputs = {
    ...{ repository: "octo/app", ref: "", commit: "", token: "t", path: "/w", isDefault: false, allowUnsafe: false },
    ...{ clean: true, fetchDepth: 1, fetchTags: false, persistCredentials: true, safeDirectory: true },
  };
  return () => assertNoForkCode({ ...defaults, ...inputs }, github);
}

describe("fork code in a privileged workflow (actions/checkout v7, 2026-06-18)", () => {
  test.each([
    ["the fork's repository", { repository: "Mallory/App" }, target],
    ["the pull request's merge", { ref: "refs/pull/7/merge" }, target],
    ["the pull request's head", { ref: "refs/pull/7/head" }, target],
    ["its head commit", { commit: HEAD.toUpperCase() }, target],
    ["its merge commit", { commit: MERGE }, target],
    ["its head commit after its run", { commit: HEAD }, afterRunOf("pull_request")],
    ["the fork after its run", { repository: "mallory/app" }, afterRunOf("pull_request_target")],
  ])("%s is rejected", (_, inputs, github) => {
    expect(checkout(inputs, github)).toThrow("Refusing to check out fork pull request code");
  });

  test.each([
    ["what GitHub chose", { isDefault: true, ref: "refs/pull/7/merge" }, target],
    ["what is explicitly allowed", { allowUnsafe: true, ref: "refs/pull/7/merge" }, target],
    ["another branch", { ref: "refs/heads/main" }, target],
    ["another commit", { commit: BASE }, target],
    ["anything in an unprivileged workflow", { ref: "refs/pull/7/merge" }, { ...target, event_name: "pull_request" }],
    ["anything after a push", { commit: HEAD }, afterRunOf("push")],
    ["the base's commit that such a run has as its head", { commit: HEAD }, afterRunOf("pull_request_target")],
    [
      "a pull request of the same repository",
      { ref: "refs/pull/7/merge" },
      { ...target, event: { ...target.event, repository: { id: 2 } } },
    ],
  ])("%s is allowed", (_, inputs, github) => {
    expect(checkout(inputs, github)).not.toThrow();
  });
});
