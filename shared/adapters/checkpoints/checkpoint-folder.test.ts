import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { checkpointDigest } from "../../core/training/checkpoint.ts";
import { createWorkspaceFiles } from "../files/create-workspace-files.ts";
import { digestOf } from "../files/digest.ts";
import { type CheckpointFolder, openCheckpointFolder } from "./checkpoint-folder.ts";

const KEY = "a".repeat(64);
let workspace: string;
let folder: string;

beforeEach(() => {
  const root = mkdtempSync(join(tmpdir(), "checkpoints-"));
  [workspace, folder] = [join(root, "workspace"), join(root, "kept")];
  mkdirSync(workspace);
  return () => rmSync(root, { recursive: true });
});

const open = (run = 1, key = KEY, patterns: readonly string[] = ["out/*.pt"]): CheckpointFolder =>
  openCheckpointFolder({
    ...{ workspace, folder, key, patterns },
    files: createWorkspaceFiles(workspace),
    run: { run, attempt: 1 },
  });

const write = (content: string): void => {
  mkdirSync(join(workspace, "out"), { recursive: true });
  for (const name of ["a.pt", "b.pt"]) writeFileSync(join(workspace, "out", name), `${content} ${name}`);
};
const clean = (): void => rmSync(join(workspace, "out"), { recursive: true, force: true });
const read = (name: string): string => readFileSync(join(workspace, "out", name), "utf8");
const kept = (number: number, ...path: string[]): string => join(folder, KEY, String(number).padStart(8, "0"), ...path);

async function saveTwice(): Promise<void> {
  write("first");
  await open().save(false);
  write("second");
  await open().save(false);
  clean();
}

test("the newest comes back, with who saved it", async () => {
  await saveTwice();
  const { checkpoint, refused } = await open(2).restore();
  expect([read("a.pt"), read("b.pt"), refused]).toEqual(["second a.pt", "second b.pt", []]);
  expect(checkpoint?.savedBy).toEqual({ run: 1, attempt: 1 });
});

test("two are kept, and nothing unfinished", async () => {
  const store = open();
  for (const content of ["1", "2", "3"]) {
    write(content);
    expect((await store.save(true)).kind).toBe("saved");
  }
  expect((await store.save(false)).kind).toBe("same");
  expect(readdirSync(join(folder, KEY))).toEqual(["00000002", "00000003"]);
});

test("nothing is saved while one of the patterns covers nothing", async () => {
  write("only half");
  expect((await open(1, KEY, ["out/*.pt", "optimizer.pt"]).save(false)).kind).toBe("none");
});

describe("a damaged one is not restored, and the one before it is", () => {
  const manifest = (change: (text: string) => string) => () =>
    writeFileSync(kept(2, "manifest.json"), change(readFileSync(kept(2, "manifest.json"), "utf8")));
  test.each<readonly [string, () => void]>([
    ["cut off", () => writeFileSync(kept(2, "files", "out", "b.pt"), "sec")],
    ["changed", () => writeFileSync(kept(2, "files", "out", "b.pt"), "sEcond b.pt")],
    ["without a file", () => rmSync(kept(2, "files", "out", "a.pt"))],
    ["without a manifest", () => rmSync(kept(2, "manifest.json"))],
    ["with half a manifest", manifest((text) => text.slice(0, -9))],
    ["of another training", manifest((text) => text.replace(KEY, "b".repeat(64)))],
    ["with a digest of its own", manifest((text) => text.replace(/sha256:[0-9a-f]/, "sha256:0f"))],
  ])("%s", async (_, damage) => {
    await saveTwice();
    damage();
    const { checkpoint, refused } = await open().restore();
    expect([read("a.pt"), read("b.pt"), refused.length]).toEqual(["first a.pt", "first b.pt", 1]);
    expect(checkpoint).toBeDefined();
  });

  test.each(["../outside.pt", "train.py", ".git/hooks/post-checkout"])("that names %s", async (path) => {
    await saveTwice();
    writeFileSync(join(workspace, "train.py"), "the code");
    const content = "evil";
    mkdirSync(join(kept(2, "files", path), ".."), { recursive: true });
    writeFileSync(kept(2, "files", path), content);
    const files = [{ path, bytes: content.length, digest: digestOf(content) }];
    const text = JSON.parse(readFileSync(kept(2, "manifest.json"), "utf8"));
    const forged = { ...text, files, digest: checkpointDigest(files, digestOf) };
    writeFileSync(kept(2, "manifest.json"), JSON.stringify(forged));
    expect((await open().restore()).refused).toHaveLength(1);
    expect(readFileSync(join(workspace, "train.py"), "utf8")).toBe("the code");
    expect([join(workspace, "..", "outside.pt"), join(workspace, ".git/hooks/post-checkout")].map(existsSync)).toEqual([
      false,
      false,
    ]);
    expect(read("a.pt")).toBe("first a.pt");
  });
});

test("another training's is not found", async () => {
  await saveTwice();
  expect(await open(1, "b".repeat(64)).restore()).toEqual({ checkpoint: undefined, refused: [] });
});

test("an attempt counts once, and none is left after a success", async () => {
  expect(await open(1).countAttempt()).toBe(1);
  expect(await open(1).countAttempt()).toBe(1);
  expect(await open(2).countAttempt()).toBe(2);
  await open(2).discard();
  expect(await open(3).countAttempt()).toBe(1);
});
