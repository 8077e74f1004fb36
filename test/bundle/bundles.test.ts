import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { spawnAction } from "../fixture/spawn-action.ts";
import { copyBuiltActions, root } from "./built-actions.ts";

const actions = copyBuiltActions();

/** Every job downloads the folder and reads the entry; how long that takes is measured by `test/bench/start.ts`. */
const MAX_ENTRY_BYTES = 1_100_000;
const MAX_FOLDER_BYTES = 2_800_000;

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

describe.each(actions)("the bundle of $name", ({ folder, main, entries }) => {
  test("is small, names the licences of its code, and contains no path of the machine it was built on", () => {
    for (const entry of entries) {
      const dist = dirname(entry);
      expect(statSync(entry).size).toBeLessThanOrEqual(MAX_ENTRY_BYTES);
      const files = readdirSync(dist, { withFileTypes: true }).filter((item) => item.isFile());
      const sizes = files.map(({ name: file }) => statSync(join(dist, file)).size);
      expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(MAX_FOLDER_BYTES);
      const scripts = files.map(({ name: file }) => file).filter((file) => file.endsWith(".js"));
      expect(JSON.parse(readFileSync(join(dist, "package.json"), "utf8"))).toEqual({ type: "module", files: scripts });
      for (const script of scripts) {
        const text = readFileSync(join(dist, script), "utf8");
        for (const place of [root, homedir(), tmpdir()]) expect(text.includes(`${place}/`)).toBe(false);
        // Minified: a line is long, and no comment is left.
        expect(text.split("\n").length).toBeLessThan(2 + text.length / 200);
      }
      const licenses = readFileSync(join(dist, "licenses.txt"), "utf8").matchAll(/^(@?[\w./-]+)@\d/gm);
      const talksToGitHub = scripts.some((script) =>
        readFileSync(join(dist, script), "utf8").includes("octokit-core.js"),
      );
      const later = talksToGitHub ? ["@actions/github", "@octokit/core"] : [];
      const named = [...licenses].map(([, library]) => library);
      expect(named).toEqual(expect.arrayContaining(["@actions/core", "zod", ...later]));
    }
  });

  test("runs by itself under Node 24: with invalid inputs it reports them and fails", async () => {
    // Every input is given and invalid, so the action can only report them.
    const metadata = readFileSync(join(folder, "action.yml"), "utf8");
    const names = [...(/^inputs:\n((?: {2}.*\n)*)/m.exec(metadata)?.[1] ?? "").matchAll(/^ {2}([a-z-]+):/gm)];
    const inputs = Object.fromEntries(names.map(([, input = ""]) => [input, "../x"]));
    const nodeOptions = ["--import", loopbackOnly];
    const { code, log } = await spawnAction(main, { inputs: { ...inputs, "no-such": "" }, nodeOptions });
    expect(code).toBe(1);
    expect(log).toMatch(/^::error::.*\[[a-z]+(?:-[a-z]+)+\]$/m);
    expect(log).not.toMatch(/CONNECTED TO|a bug in the action/);
  });
});

test("the watchdog of train-model is small, and runs without the rest: it ends with the pipe that it holds", () => {
  const dist = join(actions.find(({ name }) => name === "train-model")?.folder ?? "", "dist/watchdog");
  expect(statSync(join(dist, "index.js")).size).toBeLessThan(20_000);
  const { status, stderr } = spawnSync(process.execPath, [join(dist, "index.js")], { input: "", encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
});

test("there is a bundle for every action", () => {
  expect(actions.length).toBeGreaterThan(0);
  for (const { entries } of actions) for (const entry of entries) expect(existsSync(entry)).toBe(true);
});

describe("a bundle with a chunk that it loads when it talks to GitHub", () => {
  const [built] = actions.filter(({ name }) => name === "promote-model");
  const play = (dist: string) => {
    const inputs = { mode: "plan", environment: "staging", version: "v1.0.0", token: "ghs_x" };
    const options = { plan: "plan.json", record: "record.json" };
    // No server is there: what the action says about that comes from behind the chunk.
    const env = { GITHUB_API_URL: "file:///nowhere" };
    return spawnAction(join(dist, "index.js"), { inputs: { ...inputs, ...options }, env });
  };

  test("says so when the chunk is missing", async () => {
    const dist = mkdtempSync(join(tmpdir(), "without-chunk-"));
    cpSync(join(built?.folder ?? "", "dist"), dist, { recursive: true });
    expect((await play(dist)).log).not.toContain("[toolkit-unusable]");
    for (const file of readdirSync(dist).filter((name) => /^\d+\.index\.js$/.test(name))) rmSync(join(dist, file));
    const { code, log } = await play(dist);
    expect([code, log]).toEqual([1, expect.stringContaining("[toolkit-unusable]")]);
  });
});
