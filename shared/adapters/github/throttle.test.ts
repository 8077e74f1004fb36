import { expect, test } from "vitest";
import { createThrottle } from "./throttle.ts";
import { realTime } from "./time.ts";

test("a write that waits for its turn ends with the signal, and none starts after it", { timeout: 5_000 }, async () => {
  const cancellation = new AbortController();
  const throttle = createThrottle(realTime, cancellation.signal);
  let started = 0;
  const work = async (): Promise<void> => {
    started += 1;
  };
  // The next one waits 20 s, and the one after it for that one.
  for (let index = 0; index < 20; index++) await throttle.write(work);
  const waiting = [throttle.write(work), throttle.write(work)].map((writing) =>
    expect(writing).rejects.toThrow("over"),
  );
  cancellation.abort(new Error("over"));
  await Promise.all(waiting);
  await expect(throttle.read(work)).rejects.toThrow("over");
  expect(started).toBe(20);
});
