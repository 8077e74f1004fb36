import { expect, test } from "vitest";
import { GitHubError } from "./github.ts";
import { writeOnce } from "./write-once.ts";

/** What each step answers, in order: to a send a status, no response or an odd one; to a lookup, `found` or not. */
type Step = number | "lost" | "odd" | "found" | "not found";

/** As the client throws it. */
function toError(step: Step): GitHubError {
  const code = step === "lost" || Number(step) >= 500 ? "github-unreachable" : "github-refused";
  return new GitHubError({ code: step === "odd" ? "github-odd-answer" : code, message: String(step), fix: "Fix it" });
}

/** Plays a write; the outcome, then every step and wait that it took. */
async function play(steps: readonly Step[], confirm = false): Promise<readonly (string | number)[]> {
  const left = [...steps];
  const taken: (string | number)[] = [];
  const take = (kind: string): Step => {
    const step = left.shift();
    if (step === undefined) throw new Error(`${kind} was not expected`);
    taken.push(kind);
    return step;
  };
  const outcome = await writeOnce({
    async send() {
      const step = take("send");
      if (step === 201) return "sent";
      throw toError(step);
    },
    find: async () => (take("find") === "found" ? "found" : undefined),
    confirm,
    wait: async (ms) => void taken.push(ms),
    onDoubt: () => undefined,
  }).catch((error: unknown) => {
    if (!(error instanceof GitHubError)) throw error;
    return error.message.split(".")[0] ?? "";
  });
  expect(left).toEqual([]);
  return [String(outcome), ...taken];
}

const ABSENT = ["not found", "not found", "not found"] as const;
const LOOKUPS = [500, "find", 1_500, "find", 4_000, "find"] as const;

test.for<[string, readonly Step[], readonly (string | number)[]]>([
  ["takes effect", [201], ["sent", "send"]],
  ["is refused", [422], ["422", "send"]],
  ["took effect although the response was odd", ["odd", "found"], ["found", "send", 500, "find"]],
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
    ["403", "send", ...LOOKUPS, "send", "find"],
  ],
  [
    "never gets a response",
    ["lost", ...ABSENT, "lost", ...ABSENT, 503, ...ABSENT],
    ["503", "send", ...LOOKUPS, "send", ...LOOKUPS, "send", ...LOOKUPS],
  ],
])("a write that %s", async ([, steps, expected]) => {
  expect(await play(steps)).toEqual(expected);
});

test.for<[string, readonly Step[], readonly (string | number)[]]>([
  ["is there", [201, "found"], ["found", "send", "find"]],
  ["is listed late", [201, "not found", "not found", "found"], ["found", "send", "find", 500, "find", 1_500, "find"]],
  [
    "had no effect the first time",
    [201, "not found", ...ABSENT, 201, "found"],
    ["found", "send", "find", ...LOOKUPS, "send", "find"],
  ],
  [
    "never has an effect",
    [201, "not found", ...ABSENT, 201, "not found", ...ABSENT, 201, "not found", ...ABSENT],
    [
      "GitHub reported a success, but what was written is not there",
      ...[1, 2, 3].flatMap(() => ["send", "find", ...LOOKUPS]),
    ],
  ],
])("a success to be confirmed, of a write that %s", async ([, steps, expected]) => {
  expect(await play(steps, true)).toEqual(expected);
});
