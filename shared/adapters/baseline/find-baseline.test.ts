/** Each source that a policy may name, on the local GitHub. */
import { createHash } from "node:crypto";
import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Baseline } from "../../core/gate/baseline.ts";
import type { BaselineSource } from "../../core/policy/policy-2-gates.ts";
import { createTestClient } from "../github/testing.ts";
import { findBaseline } from "./find-baseline.ts";
import { createTrainingRecordJson, TRAIN_WORKFLOW_FILES } from "./testing.ts";

let hub: LocalGitHub;
beforeAll(async () => {
  hub = await startLocalGitHub({ limits: "off", files: TRAIN_WORKFLOW_FILES });
  await hub.waitUntilIdle();
});
afterAll(() => hub.close());

async function push(branch: string, files: Readonly<Record<string, string | null>>) {
  const commit = await hub.push({ branch, files, message: branch });
  await hub.waitUntilIdle();
  return commit;
}
const record = (mae: number) => ({ "record.json": createTrainingRecordJson({ mae }) });

async function find(
  [branch, commit]: readonly [string, string],
  sources: readonly BaselineSource[],
  { now = new Date(), cache = {} }: { now?: Date; cache?: Readonly<Record<string, string>> } = {},
): Promise<string> {
  const found = await findBaseline(
    createTestClient(hub),
    { judged: "d".repeat(40), head: "d".repeat(40), branch, base: { commit, branch } },
    {
      ...{ artifact: "training-record", firstRun: "fail", reader: "gate-metrics", sources, now, learnsNoise: false },
      files: {
        exists: async (path) => path in cache,
        read: async (path) => new TextEncoder().encode(cache[path]),
      },
    },
  );
  return describeBaseline(found);
}

const describeBaseline = (found: Baseline): string =>
  found.kind === "found"
    ? `${found.provenance.kind} ${found.provenance.distance ?? ""} ${found.metrics.map(({ name, value }) => `${name}=${value}`).join()}`
    : `${found.kind}: ${found.reason}`;

describe("a baseline is", () => {
  test("the first parent's record, or that of an ancestor within so many commits", async () => {
    await push("near", record(2));
    const near = await push("near", record(3));
    await push("near", { "record.json": null, "a.txt": "a" });
    const base = await push("near", { "a.txt": "b" });
    expect(await find(["near", near], [{ from: "first-parent" }])).toBe("first-parent  mae=3");
    expect(await find(["near", base], [{ from: "first-parent" }])).toMatch(/^missing: /);
    expect(await find(["near", base], [{ from: "nearest-ancestor", within: 2 }])).toBe("nearest-ancestor 2 mae=3");
    expect(await find(["near", base], [{ from: "nearest-ancestor", within: 1 }])).toMatch(
      /^missing: none of the 1 commits of near before it has a record; run \d+ is about 2 commits before the base/,
    );
    expect(await find(["near", base], [{ from: "first-parent" }, { from: "nearest-ancestor" }])).toBe(
      "nearest-ancestor 2 mae=3",
    );
  });

  test("a commit that the policy pins", async () => {
    const pinned = await push("pinned", record(5));
    const base = await push("pinned", record(6));
    expect(await find(["pinned", base], [{ from: "commit", commit: pinned }])).toBe("commit  mae=5");
    expect(await find(["pinned", base], [{ from: "commit", commit: "e".repeat(40) }])).toMatch(
      /^missing: commit eeeeeee/,
    );
  });

  test("a file that the base commit has, or the best values so far", async () => {
    const base = await push("file", { "metrics/best.json": '{"mae": 1.5}', "broken.json": "{" });
    expect(await find(["file", base], [{ from: "file", path: "metrics/best.json" }])).toBe("file  mae=1.5");
    expect(await find(["file", base], [{ from: "ratchet", path: "metrics/best.json" }])).toBe("ratchet  mae=1.5");
    expect(await find(["file", base], [{ from: "file", path: "no.json" }])).toMatch(
      /^missing: no.json is not there at/,
    );
    expect(await find(["file", base], [{ from: "file", path: "broken.json" }])).toMatch(
      /^missing: broken.json at .* is unusable/,
    );
  });

  test.each([
    [
      "a pointer beside it",
      (md5: string) => ({ "metrics/m.json.dvc": `outs:\n- md5: ${md5}\n  size: 12\n  hash: md5\n  path: m.json\n` }),
    ],
    [
      "dvc.lock",
      (md5: string) => ({
        "dvc.lock": `schema: '2.0'\nstages:\n  train:\n    cmd: python train.py\n    outs:\n    - path: metrics/m.json\n      hash: md5\n      md5: ${md5}\n      size: 12\n`,
      }),
    ],
  ])("a file that DVC keeps, by %s", async (name, files) => {
    const text = '{"mae": 1.25}';
    const md5 = createHash("md5").update(text).digest("hex");
    const branch = name.replaceAll(/\W/g, "-");
    const base = await push(branch, files(md5));
    const sources = [{ from: "file", path: "metrics/m.json" }] as const;
    const [three, two] = [
      `.dvc/cache/files/md5/${md5.slice(0, 2)}/${md5.slice(2)}`,
      `.dvc/cache/${md5.slice(0, 2)}/${md5.slice(2)}`,
    ];
    expect(await find([branch, base], sources, { cache: { [three]: text } })).toBe("file  mae=1.25");
    expect(await find([branch, base], sources, { cache: { [two]: text } })).toBe("file  mae=1.25");
    expect(await find([branch, base], sources)).toContain("[dvc-file-not-fetched]");
    // Its own training could have written into the cache.
    expect(await find([branch, base], sources, { cache: { [three]: '{"mae": 99}' } })).toContain("[dvc-file-changed]");
  });

  test("not too old", async () => {
    const base = await push("aged", { ...record(2), "m.json": '{"mae": 2}' });
    const later = new Date(Date.now() + 8 * 86_400_000);
    expect(await find(["aged", base], [{ from: "first-parent", "max-age": "7d" }])).toBe("first-parent  mae=2");
    expect(await find(["aged", base], [{ from: "first-parent", "max-age": "7d" }], { now: later })).toMatch(
      /^missing: run \d+ of .*train.yml is 8 days old; at most 7d is allowed/,
    );
    const file = { from: "file", path: "m.json", "max-age": "7d" } as const;
    expect(await find(["aged", base], [file])).toMatch(/^missing: how old m.json as committed there is, is not known/);
    expect(
      await find(
        ["aged", base],
        [
          { from: "first-parent", "max-age": "7d" },
          { ...file, "max-age": undefined },
        ],
        { now: later },
      ),
    ).toBe("file  mae=2");
  });
});
