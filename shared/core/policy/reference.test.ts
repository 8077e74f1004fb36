/** Checks `docs/reference/policy.md` against the code: its example is valid, and every problem code is explained. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { POLICY_PATH } from "./policy.ts";
import { readPolicies } from "./read-policy.ts";

const page = readFileSync(new URL("../../../docs/reference/policy.md", import.meta.url), "utf8");
const explained = new Set([...page.matchAll(/`(policy-[a-z-]+)`/g)].map(([, code]) => code));

test("its examples are policies of at most 25 lines", () => {
  const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text ?? "");
  const versions = examples.flatMap((example) =>
    readPolicies(example, POLICY_PATH, "gate-metrics").map(({ version, chosen }) => [version, chosen]),
  );
  expect(versions).toEqual([[1, undefined], ...["visits", "fraud"].map((name) => [2, name])]);
  for (const example of examples) {
    expect(example.trimEnd().split("\n").length).toBeLessThanOrEqual(25);
  }
});

test("every code is explained, and every explained code exists", () => {
  const folders = ["./", "../../text/document/", "../../text/yaml/", "../../adapters/github/"].map(
    (folder) => new URL(folder, import.meta.url),
  );
  const sources = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
      .map((name) => readFileSync(new URL(name, folder), "utf8")),
  );
  const written = sources.join("\n");
  const whole = [...written.matchAll(/"(policy-[a-z-]+)"/g)].map(([, code]) => code);
  // Codes that start with the document's kind: `${kind}-unknown-key`, or passed to a function that adds the kind.
  const kindless = /\}-([a-z-]+)`|\b(?:createError|problem)\(\s*"([a-z-]+)"|\bcode: "(alias|tag|wrong-[a-z]+)"/g;
  const parts = [...written.matchAll(kindless)].map(([, a, b, c]) => `policy-${a ?? b ?? c}`);
  const all = [...whole, ...parts];
  expect([...new Set(all)].sort()).toEqual([...explained].sort());
});
