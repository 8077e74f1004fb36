import { describe, expect, test } from "vitest";
import { addJobRecord, addRunRecord } from "../operations/testing.ts";
import { startTestResultsService } from "./testing.ts";

/** Writes `file` with random bytes, saves it under `key`, deletes it, restores it by `keys` and sends the result. */
const roundTrip = (bytes: number, key: string, keys: string) => `
  writeFileSync("model.bin", randomBytes(${bytes}));
  const before = sha("model.bin");
  const id = await cache.saveCache(["model.bin"], "${key}");
  rmSync("model.bin");
  const matched = await cache.restoreCache(["model.bin"], ${keys});
  send({ id, matched, intact: existsSync("model.bin") && sha("model.bin") === before });
`;

describe("@actions/cache against this service", () => {
  test("saves and restores a file, and finds it by restore key", async () => {
    await using hub = await startTestResultsService();
    const { sent } = await hub.script(roundTrip(20_000, "weights-1-7", '"weights-2", ["weights-1-", "weights-"]'));
    const [entry] = hub.repository.actions.caches.values();
    expect(sent).toEqual({ id: entry?.id, matched: "weights-1-7", intact: true });
    expect(entry).toMatchObject({ key: "weights-1-7", ref: "refs/heads/main" });
  });

  test("saves and restores 40 MB", async () => {
    await using hub = await startTestResultsService();
    const { sent } = await hub.script(roundTrip(40 * 1024 * 1024, "big", '"big"'));
    expect(sent).toMatchObject({ matched: "big", intact: true });
  });

  test("of savers of one key at the same time exactly one wins, the others log it without a warning", async () => {
    await using hub = await startTestResultsService();
    const { run, world } = hub;
    const savers = await Promise.all(
      ["one", "two", "three"].map((workspace) =>
        hub.script(
          `writeFileSync("../model.bin", "weights"); process.chdir("..");
           send(await cache.saveCache(["model.bin"], "shared"));`,
          { workspace: `same/${workspace}`, job: addJobRecord(world, run) },
        ),
      ),
    );
    expect(savers.filter(({ sent }) => sent > 0)).toHaveLength(1);
    const losers = savers.filter(({ sent }) => sent === -1);
    expect(losers.map(({ printed }) => printed)).toEqual([
      expect.stringContaining("Unable to reserve cache with key shared, another job may be creating this cache."),
      expect.stringContaining("Unable to reserve cache with key shared, another job may be creating this cache."),
    ]);
    expect(hub.repository.actions.caches.size).toBe(1);
  });

  test("a missing key is a miss, not an error", async () => {
    await using hub = await startTestResultsService();
    const { sent } = await hub.script('send({ matched: await cache.restoreCache(["model.bin"], "nothing") });');
    expect(sent).toEqual({});
  });

  test("runs of untrusted events restore but do not save, whether or not the client checks first", async () => {
    await using hub = await startTestResultsService();
    await hub.script('writeFileSync("model.bin", "weights"); await cache.saveCache(["model.bin"], "base"); send(0);');
    const run = await addRunRecord(hub.world, hub.repository, hub.run.actor, { event: "pull_request_target" });
    const { sent, printed } = await hub.script(
      `writeFileSync("model.bin", "poison");
       const withReadMode = await cache.saveCache(["model.bin"], "poison");
       process.env.ACTIONS_CACHE_MODE = "write";
       const withWriteMode = await cache.saveCache(["model.bin"], "poison");
       send({ withReadMode, withWriteMode, restored: await cache.restoreCache(["model.bin"], "base") });`,
      { job: addJobRecord(hub.world, run) },
    );
    expect(sent).toEqual({ withReadMode: -1, withWriteMode: -1, restored: "base" });
    expect(printed).toContain("the effective cache-mode 'read' does not permit writes");
    expect(printed).toContain("cache write denied:");
    expect([...hub.repository.actions.caches.values()].map(({ key }) => key)).toEqual(["base"]);
  });

  test("with the service unreachable, or without cache v2, the job continues with a warning at once", async () => {
    await using hub = await startTestResultsService();
    hub.service.outage = 404;
    const { sent, printed } = await hub.script(`
      const old = await cache.restoreCache(["model.bin"], "base");
      process.env.ACTIONS_RESULTS_URL = "http://127.0.0.1:1/";
      const unreachable = await cache.restoreCache(["model.bin"], "base");
      send({ old, unreachable });
    `);
    expect(sent).toEqual({});
    expect(printed).toMatch(/::warning::Failed to restore: .*non-retryable error: .*\(404\)/);
    expect(printed).toMatch(/::warning::Failed to restore: .*Unable to make request: ECONNREFUSED/);
  });

  test("with the service failing, the client tries again after three seconds, five times in about 28", async () => {
    await using hub = await startTestResultsService();
    hub.service.outage = 503;
    // The waits themselves are the client's (3 s, then half as long again and again): only the first is tested here.
    const { printed } = await hub.script('await cache.restoreCache(["model.bin"], "base");', {
      until: /Retrying request/,
    });
    expect(printed).toMatch(/Attempt 1 of 5 failed with error: .*503.*Retrying request in 3000 ms/);
    expect(hub.world.journal.requests("CacheService/GetCacheEntryDownloadURL")).toMatchObject([
      { status: 503, fault: "outage" },
    ]);
  });
});
