import { describe, expect, test } from "vitest";
import { ActionError, refused, userError } from "../problem/problem.ts";
import { input } from "./input.ts";
import { output } from "./output.ts";
import { type ActionBody, runAction, runPost } from "./run-action.ts";
import { defineAction } from "./spec.ts";
import { type FakeHost, fakeHost } from "./testing.ts";

const spec = defineAction({
  name: "try-it",
  summary: "Try it",
  branding: { icon: "play", color: "blue" },
  inputs: {
    limit: input.integer({ doc: "Limit", min: 1, max: 9 }),
    strict: input.flag({ doc: "Strict", default: "true" }),
    token: input.secret({ doc: "Token", default: "" }),
    "data-file": input.path({ doc: "Data", default: "data.csv" }),
  },
  outputs: {
    verdict: output.oneOf(["pass", "fail", "error"], "Verdict", "error"),
    record: output.path("Record"),
  },
  permissions: {},
  renamed: { max: "limit" },
  deadline: 60_000,
});
type Body = ActionBody<typeof spec, { readonly name: string }>;

const succeeds: Body = async ({ inputs }) => ({ outputs: { verdict: "pass", record: inputs["data-file"] } });
const bad = { code: "bad-thing", message: "it is bad", fix: "Fix it" };

/** @param meanwhile happens once the body runs */
async function runOnFakeHost(env: Record<string, string>, body: Body = succeeds, meanwhile?: (host: FakeHost) => void) {
  const host = fakeHost(env);
  const observed: Body = (scope) => {
    const result = body(scope);
    meanwhile?.(host);
    return result;
  };
  await runAction(spec, observed, () => ({ name: "ports" }), host);
  return host;
}

describe("how an action ends", () => {
  const cases: readonly [string, Body, number, string, string][] = [
    ["with success", succeeds, 0, "pass", ""],
    [
      "with a closed gate",
      async () => ({ outputs: { verdict: "fail", record: "" }, failed: bad }),
      1,
      "fail",
      "error: it is bad. Fix it. [bad-thing]",
    ],
    ["with a user error", () => Promise.reject(userError(bad)), 1, "error", "error: it is bad. Fix it. [bad-thing]"],
    ["refused", () => Promise.reject(refused(bad)), 2, "error", "error: it is bad. Fix it. [bad-thing]"],
    [
      "with a bug",
      () => Promise.reject(new TypeError("x is not a function")),
      70,
      "error",
      "TypeError: x is not a function",
    ],
    ["with a thrown non-error", () => Promise.reject("why"), 70, "error", "why"],
  ];
  test.each(cases)("%s", async (_, body, code, verdict, words) => {
    const host = await runOnFakeHost({ INPUT_LIMIT: "3" }, body);
    expect(host.exitCodes).toEqual([code]);
    expect(host.outputs.get("verdict")).toBe(verdict);
    expect(host.messages.join("\n")).toContain(words);
  });

  test("a bug of the action is reported as one", async () => {
    const host = await runOnFakeHost({ INPUT_LIMIT: "3" }, () => Promise.reject(new Error("oh")));
    expect(host.messages[0]).toMatch(/a bug in the action, not in your files\. .* \[action-bug\]$/);
  });

  test("outputs are all written or all failed: a body that throws late sets none", async () => {
    const huge: Body = async () => ({ outputs: { verdict: "pass", record: "x".repeat(900_001) } });
    const host = await runOnFakeHost({ INPUT_LIMIT: "3" }, huge);
    expect(host.exitCodes).toEqual([70]);
    expect(Object.fromEntries(host.outputs)).toEqual({ verdict: "error", record: "" });
  });

  test("a summary that GitHub would drop is left out with a warning, and the verdict is kept", async () => {
    const long: Body = async () => ({ outputs: { verdict: "pass", record: "" }, summary: "é".repeat(500_001) });
    const host = await runOnFakeHost({ INPUT_LIMIT: "3" }, long);
    expect(host.summaries).toEqual([]);
    expect(host.messages).toEqual([expect.stringMatching(/^warning: .*1000002 bytes/)]);
    expect(host.exitCodes).toEqual([0]);
  });
});

describe("what an action is given", () => {
  test("inputs by kind, with defaults", async () => {
    let seen: unknown;
    await runOnFakeHost(
      { INPUT_LIMIT: " 7 ", "INPUT_DATA-FILE": "./x/y.csv", INPUT_STRICT: "" },
      async ({ inputs }) => {
        seen = inputs;
        return { outputs: { verdict: "pass", record: "" } };
      },
    );
    expect(seen).toEqual({ limit: 7, strict: true, token: "", "data-file": "x/y.csv" });
  });

  test("all problems of all inputs at once, one line each, with the fix", async () => {
    const host = await runOnFakeHost({ INPUT_MAX: "3", INPUT_STRICT: "True", "INPUT_DATA-FILE": "../x" });
    expect(host.messages).toEqual([
      "error: input max is now called limit. Rename it to limit. [input-renamed]",
      'error: input limit is missing. Add "limit:" under "with:". [input-missing]',
      'error: input strict: "True" is neither true nor false. Write "true" or "false". [input-invalid]',
      'error: input data-file: "../x" is outside the workspace. Write a path relative to the repository\'s root. [input-invalid]',
    ]);
    expect(host.exitCodes).toEqual([1]);
    expect(host.outputs.get("verdict")).toBe("error");
  });

  test.each([
    ["no runner", { GITHUB_REPOSITORY: "" }, "not-on-a-runner"],
    ["no event file", { GITHUB_EVENT_PATH: "/nowhere" }, "event-unreadable"],
    ["a run id that is not a number", { GITHUB_RUN_ID: "x" }, "not-on-a-runner"],
    ["workflow commands from any printed line", { ACTIONS_ALLOW_UNSECURE_COMMANDS: "true" }, "unsecure-commands"],
    ["the same as a number", { ACTIONS_ALLOW_UNSECURE_COMMANDS: "1" }, "unsecure-commands"],
    ["the same in another case", { actions_allow_unsecure_commands: "TRUE" }, "unsecure-commands"],
    ["unsafe ends of stopped commands", { ACTIONS_ALLOW_UNSECURE_STOPCOMMAND_TOKENS: "true" }, "unsecure-commands"],
  ])("%s is a user error with a code", async (_, env, code) => {
    const host = await runOnFakeHost({ INPUT_LIMIT: "3", ...env });
    expect(host.messages.join("\n")).toContain(`[${code}]`);
    expect(host.exitCodes).toEqual([1]);
  });
});

describe("secrets", () => {
  const secret = "s3cr3t-token\nsecond-line";
  const leaksSecret: Body = async ({ inputs, log }) => {
    const { token } = inputs;
    const coded = Buffer.from(token).toString("base64");
    log.info(`${token} ${coded} ${encodeURIComponent(token)}`);
    log.warn({ code: "x", message: token, fix: token });
    await log.group(token, async () => log.notice("second-line alone"));
    return {
      outputs: { verdict: "pass", record: token },
      summary: `| ${token} |`,
      failed: { code: "x", message: token, fix: token },
    };
  };

  test.each([
    ["printed by the action", leaksSecret],
    ["in a user error", async ({ inputs }) => Promise.reject(userError({ ...bad, message: inputs.token }))],
    ["in a bug's stack", async ({ inputs }) => Promise.reject(new Error(inputs.token))],
  ] satisfies [string, Body][])("are masked first and never %s", async (_, body) => {
    const host = await runOnFakeHost({ INPUT_LIMIT: "3", INPUT_TOKEN: secret }, body);
    expect(host.masked).toEqual([secret]);
    const everything = [...host.messages, ...host.outputs.values(), ...host.summaries].join("\n");
    for (const part of ["s3cr3t", "second-line", Buffer.from(secret).toString("base64").slice(0, 12)]) {
      expect(everything).not.toContain(part);
    }
  });

  test("are masked even when another input is wrong", async () => {
    const host = await runOnFakeHost({ INPUT_TOKEN: secret });
    expect(host.masked).toEqual([secret]);
    expect(host.messages.join()).not.toContain("s3cr3t");
  });
});

describe("an action that must end early", () => {
  const waiting: Body = ({ signal }) =>
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  const ignoresSignal: Body = () => new Promise(() => {});

  test("ends at once after a cancellation when it listens to the signal", async () => {
    const host = await runOnFakeHost({ INPUT_LIMIT: "3" }, waiting, ({ cancel }) => cancel());
    expect(host.exitCodes).toEqual([130]);
    expect(host.outputs.get("verdict")).toBe("error");
  });

  test("does not start after a cancellation while it connects", async () => {
    const host = fakeHost({ INPUT_LIMIT: "3" });
    const connect = async () => {
      host.cancel();
      return { name: "ports" };
    };
    await runAction(spec, () => Promise.reject(new Error("started")), connect, host);
    expect(host.exitCodes).toEqual([130]);
    expect(host.messages.join()).not.toContain("started");
  });

  test("succeeds when it finishes its write after the cancellation", async () => {
    const finishing: Body = async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      return { outputs: { verdict: "pass", record: "" } };
    };
    const host = await runOnFakeHost({ INPUT_LIMIT: "3" }, finishing, ({ cancel }) => cancel());
    expect(host.exitCodes).toEqual([0]);
  });

  test.each([
    ["cancelled", (host: FakeHost) => host.cancel(), 130, "[job-cancelled]"],
    ["past its deadline", (host: FakeHost) => host.advanceTime(60_000), 1, "[deadline-passed]"],
  ])("%s, is abandoned after 5 s when it ignores the signal", (_, stop, code, words) => {
    const host = fakeHost({ INPUT_LIMIT: "3" });
    void runAction(spec, ignoresSignal, () => ({ name: "" }), host);
    stop(host);
    host.advanceTime(4_999);
    expect(host.exitCodes).toEqual([]);
    host.advanceTime(5_000);
    expect(host.exitCodes).toEqual([code]);
    expect(host.messages.join()).toContain(words);
    expect(host.outputs.get("verdict")).toBe("error");
  });

  test("ends as a bug, once, on an error that no code caught", async () => {
    const host = fakeHost({ INPUT_LIMIT: "3" });
    void runAction(spec, ignoresSignal, () => ({ name: "" }), host);
    host.crash(new Error("thrown in a timer"));
    host.crash(new Error("again"));
    expect(host.exitCodes).toEqual([70]);
    expect(host.messages.join()).toContain("thrown in a timer");
  });
});

test("a post step reads what the action saved, and sets no outputs", async () => {
  const host = fakeHost({ INPUT_LIMIT: "3" });
  const save: Body = async ({ state }) => {
    state.save("pid", "42");
    return { outputs: { verdict: "pass", record: "" } };
  };
  await runAction(spec, save, () => ({ name: "" }), host);
  host.outputs.clear();
  const seen: string[] = [];
  const clean = async ({ state }: { readonly state: { read(name: string): string } }): Promise<void> => {
    seen.push(state.read("pid"), state.read("nothing"));
    throw new ActionError("user-error", [bad]);
  };
  await runPost(spec, clean, () => ({}), host);
  expect(seen).toEqual(["42", ""]);
  expect(host.exitCodes).toEqual([0, 1]);
  expect(host.outputs.size).toBe(0);
});
