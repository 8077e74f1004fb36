import { statSync } from "node:fs";
import { mkdtemp, open, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createMiddleRelease, readOutputEnds } from "./output-ends.ts";

async function fileOf(text: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), "output-")), "output.log");
  await writeFile(path, text);
  return path;
}

describe("the ends of an output", () => {
  test("are all of a short one", async () => {
    expect(await readOutputEnds(await fileOf("a\n\r1 %\r2 %\n\u001B[31mb\u001B[0m"))).toEqual({
      bytes: 21,
      head: ["a", "2 %", "b"],
      omittedBytes: 0,
      tail: [],
    });
  });

  test("are complete lines of a long one, and what lies between is counted", async () => {
    const path = await fileOf("first\nsecond\nthird\nfourth\nlast\n");
    expect(await readOutputEnds(path, { headBytes: 8, tailBytes: 7 })).toEqual({
      bytes: 31,
      head: ["first"],
      omittedBytes: 20,
      tail: ["last"],
    });
  });

  test("are cut where a long one has a single line", async () => {
    const ends = await readOutputEnds(await fileOf("x".repeat(40)), { headBytes: 8, tailBytes: 7 });
    expect(ends).toEqual({ bytes: 40, head: ["x".repeat(8)], omittedBytes: 25, tail: ["x".repeat(7)] });
  });

  test("are nothing of a file that is not there", async () => {
    expect(await readOutputEnds("/no/such/file")).toBeUndefined();
  });
});

test.runIf(process.platform === "linux")("the middle gives its space back while the file grows", async () => {
  const path = await fileOf("first\n");
  const file = await open(path, "a");
  const release = createMiddleRelease(path);
  const chunk = Buffer.alloc(20 * 1024 * 1024, "a line\n");
  for (let size = 6; size < 200e6; ) {
    size += (await file.write(chunk)).bytesWritten;
    await release(size);
  }
  await file.write("\nthe end\n");
  await file.close();
  const { size, blocks } = statSync(path);
  expect(size).toBeGreaterThan(200e6);
  expect(blocks * 512).toBeLessThan(100e6);
  const ends = await readOutputEnds(path);
  expect([ends?.head[0], ends?.tail.at(-1)]).toEqual(["first", "the end"]);
  expect(ends?.tail[1]).toBe("a line");
});
