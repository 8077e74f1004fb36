import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { createWorkspaceFiles } from "../files/create-workspace-files.ts";
import { openCheckpointCommand } from "./checkpoint-command.ts";
import { type CheckpointFolder, openCheckpointFolder } from "./checkpoint-folder.ts";
import { carryCheckpoints } from "./checkpoint-store.ts";

const KEY = "a".repeat(64);
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "carried-"));
  for (const name of ["workspace", "bucket"]) mkdirSync(join(root, name));
  return () => rmSync(root, { recursive: true });
});

const SYNC = `case $1 in
  save) rm -rf "$BUCKET"/*; cp -r "$CHECKPOINT_FOLDER"/. "$BUCKET" ;;
  restore) cp -r "$BUCKET"/. "$CHECKPOINT_FOLDER" ;;
  discard) rm -rf "$BUCKET"/* ;;
esac`;

function open(machine: string, run: number, script = SYNC): CheckpointFolder {
  const [workspace, folder, temp] = [join(root, "workspace"), join(root, machine), root];
  const files = createWorkspaceFiles(workspace);
  const env = { PATH: process.env["PATH"] ?? "", BUCKET: join(root, "bucket") };
  return carryCheckpoints({
    local: openCheckpointFolder({ workspace, files, folder, key: KEY, patterns: ["a.pt"], run: { run, attempt: 1 } }),
    store: openCheckpointCommand({ script, key: KEY, cwd: workspace, env, temp, timeout: 60_000 }),
    ...{ folder, key: KEY },
  });
}

const write = (content: string): void => writeFileSync(join(root, "workspace", "a.pt"), content);
const read = (): string => readFileSync(join(root, "workspace", "a.pt"), "utf8");
const clean = (): void => rmSync(join(root, "workspace", "a.pt"));

async function attempt(machine: string, run: number, content: string): Promise<number> {
  const store = open(machine, run);
  const attempts = await store.countAttempt();
  write(content);
  expect(await store.save(false)).toMatchObject({ kind: "saved" });
  clean();
  return attempts;
}

test("a machine that was away takes what is newer elsewhere, and attempts count on all of them", async () => {
  expect([await attempt("one", 1, "first"), await attempt("two", 2, "second")]).toEqual([1, 2]);
  const back = open("one", 3);
  expect(await back.countAttempt()).toBe(3);
  expect([(await back.restore()).checkpoint?.savedBy.run, read()]).toEqual([2, "second"]);
});

test("what is newer here than in the store is kept", async () => {
  await attempt("one", 1, "first");
  const offline = open("one", 2, "test $1 = restore");
  await offline.countAttempt();
  write("second");
  expect(await offline.save(false)).toMatchObject({ kind: "saved", onlyHere: expect.stringContaining("exit code 1") });
  clean();
  const next = open("one", 3);
  await next.countAttempt();
  await next.restore();
  expect(read()).toBe("second");
});

describe("what the store gives is not restored as it is", () => {
  const bucket = (...path: string[]): string => join(root, "bucket", ...path);
  test.each<readonly [string, () => void, string]>([
    [
      "when its bytes are others, but the one before it",
      () => writeFileSync(bucket("00000002", "files", "a.pt"), "sEcond"),
      "first",
    ],
    ["when it is half there, but the one before it", () => rmSync(bucket("00000002", "manifest.json")), "first"],
    ["with names of its own", () => writeFileSync(bucket("attempts", "..x"), ""), "second"],
  ])("%s", async (_, damage, expected) => {
    await attempt("one", 1, "first");
    await attempt("one", 2, "second");
    damage();
    const elsewhere = open("two", 3);
    expect(await elsewhere.countAttempt()).toBe(3);
    await elsewhere.restore();
    expect(read()).toBe(expected);
    expect(readdirSync(join(root, "two"))).toEqual([KEY]);
  });

  test("nor that of another training", async () => {
    await attempt("one", 1, "first");
    const manifest = bucket("00000001", "manifest.json");
    writeFileSync(manifest, readFileSync(manifest, "utf8").replace(KEY, "b".repeat(64)));
    const elsewhere = open("two", 2);
    await elsewhere.countAttempt();
    expect([(await elsewhere.restore()).checkpoint, existsSync(join(root, "workspace", "a.pt"))]).toEqual([
      undefined,
      false,
    ]);
  });
});

test("a save that takes long is broken off with all that it started, and is sent at the end", async () => {
  const slow = `if test $1 = save && ! test -f "$BUCKET"/fast; then (echo > "$BUCKET"/begun; sleep 600; echo > "$BUCKET"/late) & wait; fi
${SYNC}`;
  const store = open("one", 1, slow);
  await store.countAttempt();
  write("first");
  const ending = new AbortController();
  const saving = store.save(true, ending.signal);
  await vi.waitFor(() => expect(existsSync(join(root, "bucket", "begun"))).toBe(true), {
    timeout: 60_000,
    interval: 20,
  });
  ending.abort();
  expect(await saving).toMatchObject({ kind: "saved" });
  expect((await saving).onlyHere).toBeUndefined();
  writeFileSync(join(root, "bucket", "fast"), "");
  expect(await store.save(false)).toEqual({ kind: "same" });
  expect(readdirSync(join(root, "bucket"))).toContain("00000001");
});
