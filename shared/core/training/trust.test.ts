import { describe, expect, test } from "vitest";
import { assertMayDispatch, assertMayTrainHere, type Occasion } from "./trust.ts";

const repository = { id: 1 };
const pull = (name: string, head: unknown): Occasion => ({ name, payload: { repository, pull_request: { head } } });
const comment = (name: string, author_association: string): Occasion => ({
  name,
  payload: { repository, comment: { author_association } },
});
const after = (head_repository: unknown): Occasion => ({
  name: "workflow_run",
  payload: { repository, workflow_run: { head_repository } },
});

const OURS: readonly Occasion[] = [
  ...["push", "schedule", "workflow_dispatch", "repository_dispatch", "merge_group", "release"].map((name) => ({
    name,
    payload: {},
  })),
  ...["pull_request", "pull_request_target", "pull_request_review"].map((name) => pull(name, { repo: { id: 1 } })),
  after({ id: 1 }),
  ...["OWNER", "MEMBER", "COLLABORATOR"].map((who) => comment("issue_comment", who)),
];

const STRANGERS: readonly Occasion[] = [
  ...["pull_request", "pull_request_target", "pull_request_review"].map((name) => pull(name, { repo: { id: 2 } })),
  pull("pull_request", { repo: null }),
  pull("pull_request", {}),
  { name: "pull_request", payload: {} },
  { name: "pull_request", payload: { pull_request: { head: { repo: {} } } } },
  after({ id: 2 }),
  after(null),
  { name: "workflow_run", payload: { repository } },
  ...["CONTRIBUTOR", "FIRST_TIME_CONTRIBUTOR", "FIRST_TIMER", "NONE", "MANNEQUIN", "owner", ""].map((who) =>
    comment("issue_comment", who),
  ),
  comment("discussion_comment", "NONE"),
  ...["issues", "fork", "watch", "discussion", "gollum", "something_new", ""].map((name) => ({ name, payload: {} })),
];

describe("whose code may run on a machine of ours", () => {
  test.each(OURS)("$name: $payload", (occasion) => {
    expect(() => assertMayTrainHere(occasion, "self-hosted", false)).not.toThrow();
    expect(() => assertMayDispatch(occasion, false)).not.toThrow();
  });

  test.each(STRANGERS)("not $name: $payload", (occasion) => {
    for (const machine of ["self-hosted", "unknown", "", "GitHub-Hosted"]) {
      expect(() => assertMayTrainHere(occasion, machine, false)).toThrow("fork-on-own-machine");
    }
    expect(() => assertMayDispatch(occasion, false)).toThrow("fork-dispatch");
    expect(() => assertMayTrainHere(occasion, "github-hosted", false)).not.toThrow();
    expect(() => assertMayTrainHere(occasion, "self-hosted", true)).not.toThrow();
    expect(() => assertMayDispatch(occasion, true)).not.toThrow();
  });
});
