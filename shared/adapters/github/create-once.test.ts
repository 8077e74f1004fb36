import { expect, test } from "vitest";
import { createOnce } from "./create-once.ts";
import { GitHubError, type Json } from "./github.ts";
import type { GitHubResponse, NoResponse } from "./response.ts";

/** What each step answers, in order: a status or no response to a send, `found` or not to a lookup. */
type Step = number | "lost" | "found" | "not found";

/** Plays a create; the outcome, then every step and wait that it took. */
async function play(steps: readonly Step[]): Promise<readonly (string | number)[]> {
  const left = [...steps];
  const taken: (string | number)[] = [];
  const take = (kind: string): Step => {
    const step = left.shift();
    if (step === undefined) throw new Error(`${kind} was not expected`);
    taken.push(kind);
    return step;
  };
  const toResult = (step: Step): GitHubResponse | NoResponse =>
    typeof step === "number"
      ? { kind: "response", status: step, headers: new Headers(), data: "sent" }
      : { kind: "no-response", reason: "reset" };
  const outcome = await createOnce({
    send: async () => toResult(take("send")),
    find: async (): Promise<Json | undefined> => (take("find") === "found" ? "found" : undefined),
    wait: async (ms) => void taken.push(ms),
    toError: (result) =>
      new GitHubError({ code: result.kind === "response" ? `status-${result.status}` : "lost", message: "", fix: "" }),
  }).catch((error: unknown) => {
    if (!(error instanceof GitHubError)) throw error;
    return error.problems[0]?.code ?? "";
  });
  expect(left).toEqual([]);
  return [String(outcome), ...taken];
}

const ABSENT = ["not found", "not found", "not found"] as const;
const LOOKUPS = [500, "find", 1_500, "find", 4_000, "find"] as const;

test.for<[string, readonly Step[], readonly (string | number)[]]>([
  ["takes effect", [201], ["sent", "send"]],
  ["is refused", [422], ["status-422", "send"]],
  ["took effect although the response was lost", ["lost", "found"], ["found", "send", 500, "find"]],
  ["took effect and is listed late", [502, "not found", "found"], ["found", "send", 500, "find", 1_500, "find"]],
  ["had no effect the first time", [500, ...ABSENT, 201], ["sent", "send", ...LOOKUPS, "send"]],
  [
    "is refused the second time because the first took effect",
    ["lost", ...ABSENT, 422, "found"],
    ["found", "send", ...LOOKUPS, "send", "find"],
  ],
  [
    "is refused the second time for another reason",
    ["lost", ...ABSENT, 403, "not found"],
    ["status-403", "send", ...LOOKUPS, "send", "find"],
  ],
  [
    "never gets a response",
    ["lost", ...ABSENT, "lost", ...ABSENT, 503, ...ABSENT],
    ["status-503", "send", ...LOOKUPS, "send", ...LOOKUPS, "send", ...LOOKUPS],
  ],
])("a create that %s", async ([, steps, expected]) => {
  expect(await play(steps)).toEqual(expected);
});
