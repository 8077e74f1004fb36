import { describe, expect, test } from "vitest";
import type { TriggerEvent } from "../policy/trigger-event.ts";
import { assertDispatchAllowed, assertTrainingAllowed } from "./fork-guard.ts";

const repository = { id: 1 };
const pull = (name: string, head: unknown): TriggerEvent["event"] => ({
  name,
  payload: { repository, pull_request: { head } },
});
const comment = (name: string, author_association: string): TriggerEvent["event"] => ({
  name,
  payload: { repository, comment: { author_association } },
});
const after = (head_repository: unknown): TriggerEvent["event"] => ({
  name: "workflow_run",
  payload: { repository, workflow_run: { head_repository } },
});

const TRUSTED: readonly TriggerEvent["event"][] = [
  ...["push", "schedule", "workflow_dispatch", "repository_dispatch", "merge_group", "release"].map((name) => ({
    name,
    payload: {},
  })),
  ...["pull_request", "pull_request_target", "pull_request_review"].map((name) => pull(name, { repo: { id: 1 } })),
  after({ id: 1 }),
  ...["OWNER", "MEMBER", "COLLABORATOR"].map((who) => comment("issue_comment", who)),
];

const UNTRUSTED: readonly TriggerEvent["event"][] = [
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

describe("whose code may run on a self-hosted runner", () => {
  test.each(TRUSTED)("$name: $payload", (event) => {
    expect(() => assertTrainingAllowed(event, "self-hosted", false)).not.toThrow();
    expect(() => assertDispatchAllowed(event, false)).not.toThrow();
  });

  test.each(UNTRUSTED)("not $name: $payload", (event) => {
    for (const runnerEnvironment of ["self-hosted", "unknown", "", "GitHub-Hosted"]) {
      expect(() => assertTrainingAllowed(event, runnerEnvironment, false)).toThrow("fork-on-own-machine");
    }
    expect(() => assertDispatchAllowed(event, false)).toThrow("fork-dispatch");
    expect(() => assertTrainingAllowed(event, "github-hosted", false)).not.toThrow();
    expect(() => assertTrainingAllowed(event, "self-hosted", true)).not.toThrow();
    expect(() => assertDispatchAllowed(event, true)).not.toThrow();
  });
});
