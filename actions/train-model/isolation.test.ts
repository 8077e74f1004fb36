/** What a training can read and change of the job that it runs in: less than its user could. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createFixture } from "./testing.ts";

const METRICS = `echo '{"mae": 0.5}' > metrics.json`;

describe.skipIf(process.platform !== "linux")("the credentials of the job", () => {
  const secretsOf = () => ({
    ACTIONS_RUNTIME_TOKEN: `runtime-${randomUUID()}`,
    ACTIONS_RESULTS_URL: `https://results.example/${randomUUID()}`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: `oidc-${randomUUID()}`,
    ACTIONS_ID_TOKEN_REQUEST_URL: `https://oidc.example/?${randomUUID()}`,
  });
  /** Of every process of this machine that the training may look at, its parents among them. */
  const LOOK = `${METRICS}\ncat /proc/[0-9]*/environ 2> /dev/null | tr '\\0' '\\n' > seen.txt || true\necho looked\n`;

  test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ["are not there to be read", {}, []],
    [
      "are there when they are granted",
      { grant: "oidc" },
      ["ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_URL"],
    ],
  ])("%s", async (_, inputs, granted) => {
    const env = secretsOf();
    const fixture = createFixture({ script: LOOK, inputs, env });
    const { code, log } = await fixture.spawnMain();
    expect([code, log]).toEqual([0, expect.not.stringContaining("credentials-visible")]);
    const seen = fixture.read("seen.txt");
    expect(
      Object.entries(env)
        .flatMap(([name, secret]) => (seen.includes(secret) ? [name] : []))
        .toSorted(),
    ).toEqual(granted);
    expect(fixture.record.granted ?? []).toEqual(granted);
  });

  test("are not there either while the post step waits for the training", async () => {
    const env = secretsOf();
    const look = LOOK.trim().replaceAll("\n", "; ").replaceAll("'", '"');
    const fixture = createFixture({
      // From when the post step has begun its work. Between its start and that, they are there for a moment.
      script: `trap 'until [ -e look ]; do sleep 0.05; done; ${look}; exit 0' TERM\necho ready\nwhile true; do sleep 0.05; done`,
      inputs: { grace: "20s" },
      env,
    });
    await fixture.interruptMain("ready", "SIGINT");
    const { log } = await fixture.post((text) => text.includes("waiting for it to save") && fixture.write("look", ""));
    expect(log).toContain("looked");
    expect(Object.values(env).filter((secret) => fixture.read("seen.txt").includes(secret))).toEqual([]);
  });

  test("that cannot be dropped are named", async () => {
    // In this process, which was not started by the entry.
    const fixture = createFixture({ script: METRICS, env: secretsOf() });
    expect((await fixture.main()).log).toContain(
      "ACTIONS_ID_TOKEN_REQUEST_URL of this process: this Node or system cannot",
    );
  });
});

describe.skipIf(process.platform !== "linux")("the files that change the job", () => {
  const FIND = `eval "$(tr '\\0' '\\n' < /proc/$PPID/environ | grep -E '^GITHUB_(ENV|PATH|OUTPUT|STATE|STEP_SUMMARY)=')"`;

  function jobFiles() {
    const folder = mkdtempSync(join(tmpdir(), "command-files-"));
    for (const name of ["env", "path"]) writeFileSync(join(folder, name), `earlier-${name}\n`);
    const env = { GITHUB_ENV: join(folder, "env"), GITHUB_PATH: join(folder, "path") };
    return { env, read: (name: string) => readFileSync(join(folder, name), "utf8") };
  }

  test.each<[string, string, readonly string[]]>([
    ["the variables of later steps", 'echo "BASH_ENV=/evil" >> "$GITHUB_ENV"', ["GITHUB_ENV"]],
    ["the path of later steps", 'echo /evil >> "$GITHUB_PATH"', ["GITHUB_PATH"]],
    ["an output", 'echo "outcome=success" >> "$GITHUB_OUTPUT"', ["GITHUB_OUTPUT"]],
    ["the summary", 'echo "![x](https://evil.example)" >> "$GITHUB_STEP_SUMMARY"', ["GITHUB_STEP_SUMMARY"]],
    ["what the post step reads", 'echo "post-state={}" >> "$GITHUB_STATE"', ["GITHUB_STATE"]],
    ["by removing one", 'rm "$GITHUB_ENV"', ["GITHUB_ENV"]],
    ["by a link in its place", 'cp "$GITHUB_PATH" copy; ln -sf "$PWD/copy" "$GITHUB_PATH"', ["GITHUB_PATH"]],
    ["by a folder in its place", 'rm "$GITHUB_PATH"; mkdir "$GITHUB_PATH"; touch "$GITHUB_PATH/x"', ["GITHUB_PATH"]],
    ["two at once", 'echo a=b | tee -a "$GITHUB_ENV" >> "$GITHUB_PATH"', ["GITHUB_ENV", "GITHUB_PATH"]],
  ])("a training that changes %s fails, and nothing is changed", async (_, script, names) => {
    const { env, read } = jobFiles();
    const fixture = createFixture({ script: `${METRICS}\n${FIND}\n${script}`, env });
    const { code, log, outputs, summary, state } = await fixture.spawnMain();
    expect([code, outputs["outcome"]]).toEqual([1, "failure"]);
    for (const name of names) expect(log).toContain(`the training wrote to the file of ${name}`);
    expect([read("env"), read("path")]).toEqual(["earlier-env\n", "earlier-path\n"]);
    expect(`${JSON.stringify(state)} ${summary}`).not.toMatch(/evil|\{\}/);
    expect(fixture.record).toMatchObject({ outcome: "failure", metrics: [] });
  });

  test("a training that fails, too, is named as the one that did it", async () => {
    const { env, read } = jobFiles();
    const fixture = createFixture({ script: `${FIND}\necho a=b >> "$GITHUB_ENV"\nexit 3`, env });
    const { log } = await fixture.spawnMain();
    expect(log).toMatch(/wrote to the file of GITHUB_ENV[\s\S]*failed after .* with exit code 3/);
    expect(read("env")).toBe("earlier-env\n");
  });
});
