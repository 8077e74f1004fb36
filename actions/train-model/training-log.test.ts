/** What remains of a training's output: the live log, the file beside the record, the record, the error and the summary. */
import { describe, expect, test } from "vitest";
import { createFixture } from "./testing.ts";

const METRICS = `echo '{"mae": 0.5}' > metrics.json`;

describe("the output of a training", () => {
  test.concurrent("that failed: its last lines stand in error, summary and record, all of it beside the record", async ({
    expect,
  }) => {
    const fixture = createFixture({
      script: [
        "for at in $(seq 1 60); do echo line $at; done",
        `printf '\\r10 %%\\r100 %%\\n\\033[31mbroken\\033[0m %s\\n::error::x\\n' "$HF_TOKEN" >&2`,
        "exit 3",
      ].join("\n"),
      env: { HF_TOKEN: "hf_a-secret-value" },
    });
    const { log, summary, errorCodes } = await fixture.main();
    const tail = [...Array.from({ length: 47 }, (_, at) => `line ${at + 14}`), "100 %", "broken ***", "::error::x"];
    expect(errorCodes).toEqual(["training-failed"]);
    expect(fixture.record.log).toEqual({ path: "training-record.log", bytes: 528, tail });
    expect(fixture.read("training-record.log").split("\n")).toEqual([
      ...Array.from({ length: 13 }, (_, at) => `line ${at + 1}`),
      ...tail,
      "",
    ]);
    expect(log).toContain(
      "See the last lines of its output below; training-record.log has more. [training-failed]\n  line 14\n",
    );
    expect(log).toMatch(/\n {2}100 %\n {2}broken \*\*\*\n {2}::error::x$/);
    expect(fixture.record.problems?.[0]).not.toHaveProperty("details");
    expect(summary).toContain("The last 50 lines of <code>training-record.log</code>");
    expect(summary).toContain("\n100 %\nbroken ***\n::error::x\n```");
  });

  test.concurrent("in the runner's log is one annotation, without commands or colours", async ({ expect }) => {
    const fixture = createFixture({ script: "printf 'a\\n\\033[31m::error::x\\n##[group]y\\n'\nexit 3" });
    const { log } = await fixture.interruptMain("no such text", "SIGCONT");
    const errors = log.split("\n").filter((line) => line.startsWith("::"));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/\[training-failed\]%0A {2}a%0A {2}: :error::x%0A {2}## \[group\]y$/);
  });

  test.concurrent("is written at once by Python, unless the step says otherwise", async ({ expect }) => {
    const fixture = createFixture({ script: `echo "$PYTHONUNBUFFERED" > seen.txt\n${METRICS}` });
    await fixture.main();
    expect(fixture.read("seen.txt")).toBe("1\n");
    const own = createFixture({
      script: `echo "$PYTHONUNBUFFERED" > seen.txt\n${METRICS}`,
      env: { PYTHONUNBUFFERED: "0" },
    });
    await own.main();
    expect(own.read("seen.txt")).toBe("0\n");
  });

  test.concurrent("that is long: both ends are kept, and the gap has a name", async ({ expect }) => {
    const fixture = createFixture({
      script: `echo the start\nyes 'a line in the middle' | head -n 500000 || true\necho the end\n${METRICS}`,
    });
    const { exitCode } = await fixture.main();
    expect(exitCode).toBe(0);
    const kept = fixture.read("training-record.log").split("\n");
    expect([kept[0], kept.at(-2)]).toEqual(["the start", "the end"]);
    const gaps = kept.filter((line) => line !== "a line in the middle" && line !== "");
    expect(gaps).toEqual(["the start", expect.stringMatching(/^… [\d,]+ bytes .* left out here …$/), "the end"]);
    expect(fixture.read("training-record.log").length).toBeLessThan(7e6);
    expect(fixture.record.log?.bytes).toBe(500_000 * 21 + 18);
  });

  test.concurrent("of a cancelled training is kept by the post step", async ({ expect }) => {
    const fixture = createFixture({
      script: "trap 'sleep 2; echo all saved; exit 0' TERM\necho ready to train\nwhile true; do sleep 0.05; done",
    });
    await fixture.interruptMain("ready to train", "SIGINT");
    expect(fixture.record.log).toBeUndefined();
    await fixture.post();
    expect(fixture.record.log).toMatchObject({ path: "training-record.log", tail: expect.any(Array) });
    expect(fixture.record.log?.tail.at(-1)).toBe("all saved");
    expect(fixture.read("training-record.log")).toMatch(/^ready to train\n(?:Terminated\n)?all saved\n$/);
  });
});

test("a model cannot contain the log, which is written after its digest was taken", async () => {
  const fixture = createFixture({ script: `echo a\n${METRICS}`, inputs: { model: "*.log" } });
  expect((await fixture.main()).log).toContain("[result-own-file]");
});
