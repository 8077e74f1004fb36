import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createFakeSmi, type FakeBehaviour } from "../../../test/fixture/fake-nvidia-smi.ts";
import { streamSamples } from "./stream-samples.ts";

const ARGS = ["--query-gpu=index,utilization.gpu,power.draw.instant", "--format=csv,noheader,nounits", "--loop-ms=10"];

/** Reads until so many lines have come. */
async function readLines(count: number, behaviour: FakeBehaviour = {}): Promise<readonly string[]> {
  const { program, path } = createFakeSmi("h100-590", behaviour);
  const lines: string[] = [];
  const complete = Promise.withResolvers<void>();
  const stream = streamSamples({
    ...{ program, args: ARGS, env: { PATH: path }, restartMs: 1, silenceMs: 60_000 },
    onLine(line) {
      lines.push(line);
      if (lines.length === count) complete.resolve();
    },
  });
  await complete.promise;
  stream.stop();
  return lines.slice(0, count);
}

describe("a stream of samples", () => {
  test("has a row for each GPU and time", async () => {
    expect(await readLines(4)).toEqual(["0, 0, 100.00", "1, 0, 70.00", "0, 97, 632.10", "1, 0, 70.00"]);
  });

  test("is started again when it dies", async () => {
    const lines = await readLines(6, { endsAfter: 1 });
    const message = "GPU is lost. Reboot the system to recover this GPU";
    expect(lines).toEqual(["0, 0, 100.00", "1, 0, 70.00", message, "0, 0, 100.00", "1, 0, 70.00", message]);
  });

  test("is ended and started again when it hangs, although it ignores signals", async () => {
    const mark = join(mkdtempSync(join(tmpdir(), "hang-")), "mark");
    const script = `if [ -e "$0" ]; then echo again; sleep 60; else : > "$0"; trap '' TERM INT; sleep 60 & wait; fi`;
    const seen = Promise.withResolvers<string>();
    const stream = streamSamples({
      ...{ program: "bash", args: ["-c", script, mark], env: { PATH: process.env["PATH"] ?? "" } },
      ...{ restartMs: 1, silenceMs: 200, onLine: seen.resolve },
    });
    expect(await seen.promise).toBe("again");
    stream.stop();
  });

  test("that cannot be started is tried again", async () => {
    const program = join(mkdtempSync(join(tmpdir(), "late-")), "late");
    const seen = Promise.withResolvers<string>();
    const stream = streamSamples({ program, args: [], env: {}, restartMs: 1, onLine: seen.resolve });
    writeFileSync(program, "#!/bin/sh\necho here\n", { mode: 0o755 });
    expect(await seen.promise).toBe("here");
    stream.stop();
  });
});

test("nothing that is cut counts as a row", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "cut-")), "rows");
  writeFileSync(path, "0, 1\n1, 2");
  const lines: string[] = [];
  const whole = Promise.withResolvers<void>();
  const stream = streamSamples({
    ...{ program: "cat", args: [path], env: { PATH: process.env["PATH"] ?? "" }, restartMs: 1 },
    onLine(line) {
      lines.push(line);
      if (lines.length === 2) whole.resolve();
    },
  });
  await whole.promise;
  stream.stop();
  expect(lines).toEqual(["0, 1", "0, 1"]);
});
