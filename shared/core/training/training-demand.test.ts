import { describe, expect, test } from "vitest";
import { describeWait, type OnDemand, readDemand, whyNotAllowed, whyNotTrained } from "./training-demand.ts";

const SHA = "a".repeat(40);
const rules: OnDemand = { comment: "/train", label: "gpu", permission: "write", status: "mlops/gate" };

const pullRequest = (action: string, more: object = {}): object => ({
  ...{ action, pull_request: { number: 7, head: { sha: SHA } }, sender: { login: "alice" } },
  ...more,
});
const comment = (body: unknown, more: object = {}): object => ({
  ...{ action: "created", issue: { number: 7, pull_request: {} }, comment: { body, user: { login: "alice" } } },
  ...more,
});

describe("which event asks for a training", () => {
  const asked = { kind: "asked", number: 7, by: "alice" };
  test.each<[string, string, object, object]>([
    [
      "the label",
      "pull_request_target",
      pullRequest("labeled", { label: { name: "gpu" } }),
      { ...asked, how: "label", named: SHA },
    ],
    ["the comment", "issue_comment", comment("/train"), { ...asked, how: "comment", named: undefined }],
    [
      "the comment, and more on other lines",
      "issue_comment",
      comment(" /train \r\n$(rm -rf /)"),
      { ...asked, named: undefined },
    ],
    ["the comment with a commit", "issue_comment", comment("/train abcdef0"), { ...asked, named: "abcdef0" }],
  ])("%s does", (_, name, payload, demand) => {
    expect(readDemand({ name, payload: payload as never }, rules)).toMatchObject(demand);
  });

  test.each<[string, string, object, OnDemand?]>([
    ["another label", "pull_request_target", pullRequest("labeled", { label: { name: "GPU" } })],
    ["a label that was removed", "pull_request_target", pullRequest("unlabeled", { label: { name: "gpu" } })],
    [
      "a label that the policy does not name",
      "pull_request_target",
      pullRequest("labeled", { label: { name: "gpu" } }),
      { ...rules, label: undefined },
    ],
    ["an event without a pull request", "pull_request_target", { action: "labeled", label: { name: "gpu" } }],
    ["another word", "issue_comment", comment("/trains")],
    ["the word in a sentence", "issue_comment", comment("please /train")],
    ["the word in a quote", "issue_comment", comment("> /train")],
    ["an edited comment", "issue_comment", comment("/train", { action: "edited" })],
    ["a comment on an issue", "issue_comment", comment("/train", { issue: { number: 7 } })],
    ["a comment of a deleted account", "issue_comment", comment("/train", { comment: { body: "/train", user: null } })],
    ["a commit that is none", "issue_comment", comment("/train main")],
    ["too short a commit", "issue_comment", comment("/train abc")],
    ["more than a commit", "issue_comment", comment("/train abcdef0 --force")],
    ["an empty comment", "issue_comment", comment(null)],
    ["a number for a text", "issue_comment", comment(7)],
    [
      "a word where the policy names only a label",
      "issue_comment",
      comment("/train"),
      { ...rules, comment: undefined },
    ],
  ])("%s does not", (_, name, payload, policy = rules) => {
    expect(readDemand({ name, payload: payload as never }, policy)).toMatchObject({ kind: "waits", head: undefined });
  });

  test.each(["opened", "reopened", "synchronize"])("a head that is new (%s) must wait", (action) => {
    expect(readDemand({ name: "pull_request_target", payload: pullRequest(action) as never }, rules)).toEqual({
      ...{ kind: "waits", head: SHA, because: "waiting for /train or the label gpu" },
    });
  });

  test.each(["push", "merge_group", "schedule", "workflow_dispatch"])("%s is not about that", (name) => {
    expect(readDemand({ name, payload: {} }, rules)).toEqual({ kind: "none" });
  });

  test("a policy that names nothing means the usual word", () => {
    const plain: OnDemand = { permission: "write", status: "mlops/gate" };
    expect(describeWait(plain)).toBe("waiting for /train");
    expect(readDemand({ name: "issue_comment", payload: comment("/train") as never }, plain).kind).toBe("asked");
  });
});

describe("who may ask", () => {
  const asker = (...permissions: readonly string[]) => ({
    login: "Alice",
    permissions: Object.fromEntries(["pull", ...permissions].map((name) => [name, true])),
  });
  test.each<[string, Parameters<typeof whyNotAllowed>[0], Partial<OnDemand>, string | undefined]>([
    ["a writer", asker("push"), {}, undefined],
    ["a maintainer, where that is wanted", asker("push", "maintain"), { permission: "maintain" }, undefined],
    ["somebody of the list", asker("push"), { people: ["alice"] }, undefined],
    ["a stranger", undefined, {}, 'starting a training takes the permission "write"'],
    ["a reader", asker(), {}, 'starting a training takes the permission "write"'],
    ["somebody who may only label", asker("triage"), {}, 'starting a training takes the permission "write"'],
    [
      "a writer, where more is wanted",
      asker("push"),
      { permission: "admin" },
      'starting a training takes the permission "admin"',
    ],
    ["somebody else than the list", asker("push", "admin"), { people: ["bob"] }, "the policy names others for it"],
  ])("%s", (_, who, more, why) => {
    expect(whyNotAllowed(who, { ...rules, ...more })).toBe(why);
  });
});

describe("what is trained", () => {
  const pull = { isOpen: true, base: "main", head: { sha: SHA, isFork: false } };
  const fork = { ...pull, head: { sha: SHA, isFork: true } };
  const given = { branch: "main", allowForks: false, word: "/train" };
  const byComment = { how: "comment", named: undefined } as const;
  test.each<[string, Parameters<typeof whyNotTrained>, string | undefined]>([
    ["the head", [byComment, pull, given], undefined],
    ["the named head", [{ how: "comment", named: SHA.slice(0, 7) }, pull, given], undefined],
    [
      "another head than the named one",
      [{ how: "comment", named: "b".repeat(7) }, pull, given],
      "its head is now aaaaaaaaaaaa: ask again",
    ],
    [
      "another head than the label's",
      [{ how: "label", named: "b".repeat(40) }, pull, given],
      "its head is now aaaaaaaaaaaa: ask again",
    ],
    ["a closed pull request", [byComment, { ...pull, isOpen: false }, given], "the pull request is closed"],
    [
      "one into another branch",
      [byComment, { ...pull, base: "next" }, given],
      "it is to be merged into next, and the policy is that of main",
    ],
    ["a fork", [byComment, fork, given], 'it comes from a fork, and "allow-forks" is not set'],
    [
      "an allowed fork, not named",
      [byComment, fork, { ...given, allowForks: true }],
      'a fork\'s commit must be named: "/train aaaaaaaaaaaa"',
    ],
    ["an allowed fork, named", [{ how: "comment", named: SHA }, fork, { ...given, allowForks: true }], undefined],
    ["an allowed fork, labelled", [{ how: "label", named: SHA }, fork, { ...given, allowForks: true }], undefined],
  ])("%s", (_, [asked, of, rule], why) => {
    expect(whyNotTrained(asked, of, rule)).toBe(why);
  });
});
