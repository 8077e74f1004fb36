/**
 * Gives each test file a folder of its own for everything temporary, and takes it away afterwards: also what a test that
 * failed, or a process that was killed, left behind.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

const outer = process.env["TMPDIR"];
const folder = mkdtempSync(join(tmpdir(), "test-"));
process.env["TMPDIR"] = folder;

afterAll(() => {
  if (outer === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = outer;
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});
