import { expect, test } from "vitest";
import { describeProgress } from "./describe-progress.ts";

test.each([
  [{ bytes: 400e6, total: 1.2e9, seconds: 2 }, "33 % of 1.2 GB read, 200 MB/s, about 4 s left"],
  [{ bytes: 10e6, total: 20e9, seconds: 2 }, "0 % of 20.0 GB read, 5 MB/s, about 67 min left"],
  [{ bytes: 20_000, total: 20_000, seconds: 4 }, "100 % of 20 kB read, 5 kB/s, about 0 s left"],
  [{ bytes: 0, total: 5e6, seconds: 3 }, "0 % of 5 MB read, 0 kB/s"],
])("%o is described as %s", (progress, text) => {
  expect(describeProgress(progress)).toBe(text);
});
