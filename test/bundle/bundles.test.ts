import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { spawnAction } from "../fixture/spawn-action.ts";
import { copyBuiltActions, root } from "./built-actions.ts";

const actions = copyBuiltActions();

/** Bundles are downloaded by every job; `@actions/cache` and `@actions/artifact` would need 1.6 MB. */
const MAX_BUNDLE_BYTES = 1_000_000;
/** From process start to exit. The budget is 200 ms on an idle machine; this one may be busy. */
const MAX_START_MS = 200 * 3;

/** Loaded before the bundle: a connection to another host ends the process. */
const loopbackOnly = join(dirname(actions[0]?.folder ?? tmpdir()), "loopback-only.mjs");
writeFileSync(
  loopbackOnly,
  `import net from "node:net";
  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = function (...arguments_) {
    const [{ host = "localhost", path } = {}] = Array.isArray(arguments_[0]) ? arguments_[0] : arguments_;
    if (!path && !/^(?:localhost|127\\.|::1)/.test(host)) {
      console.log("CONNECTED TO " + host);
      process.exit(99);
    }
    return connect.apply(this, arguments_);
  };`,
);

describe.each(actions)("the bundle of $name", ({ name, folder, main, entries }) => {
  test("is small, names the licences of its code, and contains no path of the machine it was built on", () => {
    for (const entry of entries) {
      expect(statSync(entry).size).toBeLessThanOrEqual(MAX_BUNDLE_BYTES);
      const text = readFileSync(entry, "utf8");
      for (const place of [root, homedir(), tmpdir()]) expect(text.includes(`${place}/`)).toBe(false);
      expect(JSON.parse(readFileSync(join(dirname(entry), "package.json"), "utf8"))).toEqual({ type: "module" });
    }
    expect(readFileSync(join(folder, "dist/licenses.txt"), "utf8")).toContain("@actions/core");
  });

  test("runs by itself under Node 24: with invalid inputs it reports them and fails", async () => {
    // Every input is given and invalid, so the action can only report them.
    const metadata = readFileSync(join(folder, "action.yml"), "utf8");
    const names = [...(/^inputs:\n((?: {2}.*\n)*)/m.exec(metadata)?.[1] ?? "").matchAll(/^ {2}([a-z-]+):/gm)];
    const inputs = Object.fromEntries(names.map(([, input = ""]) => [input, "../x"]));
    const runs = [];
    for (let round = 0; round < 3; round++) {
      runs.push(
        await spawnAction(main, { inputs: { ...inputs, "no-such": "" }, nodeOptions: ["--import", loopbackOnly] }),
      );
    }
    for (const { code, log } of runs) {
      expect(code).toBe(1);
      expect(log).toMatch(/^::error::.*\[[a-z]+(?:-[a-z]+)+\]$/m);
      expect(log).not.toMatch(/CONNECTED TO|a bug in the action/);
    }
    const fastest = Math.round(Math.min(...runs.map(({ milliseconds }) => milliseconds)));
    console.log(`${name}: ${Math.round(statSync(main).size / 1000)} kB, start to exit ${fastest} ms`);
    expect(fastest).toBeLessThan(MAX_START_MS);
  });
});

test("there is a bundle for every action", () => {
  expect(actions.length).toBeGreaterThan(0);
  for (const { entries } of actions) for (const entry of entries) expect(existsSync(entry)).toBe(true);
});
