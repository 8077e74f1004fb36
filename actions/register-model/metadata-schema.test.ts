/** register-model with a policy that names a JSON Schema for the governance fields. */
import { readFileSync } from "node:fs";
import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterEach, beforeEach, expect, test } from "vitest";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { createTestClient } from "../../shared/adapters/github/testing.ts";
import { createGitTagRegistry } from "../../shared/adapters/registry/git-tag-registry.ts";
import { POLICY, type RegisterOptions, register, trainOnGitHub, WORKFLOWS } from "./testing.ts";

const PATH = "governance.schema.json";
const NAMING = POLICY.replace("version: 1", "version: 2").replace(
  "name: visits",
  `name: visits, metadata-schema: ${PATH}`,
);
const SCHEMA =
  '{\n"required": ["risk"],\n"properties": {"risk": {"enum": ["low", "high"]}, "tier": {"type": "integer"}}}';

let hub: LocalGitHub;
let commit: string;
let trained: RegisterOptions;
const start = async (files: Readonly<Record<string, string>>) => {
  hub = await startLocalGitHub({ limits: "off", files: { ".github/mlops.yml": NAMING, ...WORKFLOWS, ...files } });
  commit = (await hub.repository.git.resolve("refs/heads/main")) ?? "";
  const policy = { path: ".github/mlops.yml", ref: commit, digest: digestOf(NAMING) };
  trained = await trainOnGitHub(hub, { verdict: { policy } });
};
beforeEach(() => start({ [PATH]: SCHEMA }));
afterEach(() => hub.close());

const registerWith = (fields: string, options: RegisterOptions = {}) =>
  register("v1.0.0", {
    ...trained,
    inputs: { governance: `approval_date=2026-06-01\n${fields}` },
    ...options,
  });
const readTags = async () => {
  const registry = createGitTagRegistry(createTestClient(hub));
  return Promise.all((await registry.list("visits")).map((ref) => registry.read(ref)));
};

test("fields that satisfy it are registered, with what they were held to", async () => {
  expect((await registerWith("risk=low\ntier=2")).outputs.result).toBe("registered");
  const [tag] = await readTags();
  const record = JSON.parse(tag?.message.slice(tag.message.indexOf("{")) ?? "");
  expect(record.metadataSchema).toEqual({ path: PATH, ref: commit, digest: digestOf(SCHEMA) });
  expect(record.governance).toMatchObject({ risk: "low", tier: "2" });
});

test("every field that breaks it is refused with its rule, and nothing is written", async () => {
  const { exitCode, errorCodes, log } = await registerWith("risk=medium\ntier=high");
  expect([exitCode, errorCodes]).toEqual([2, ["metadata-refused", "metadata-refused"]]);
  expect(log).toContain(`${PATH}:3:33: the governance field risk must be "low" or "high".`);
  expect(log).toContain("the governance field tier must be integer. Correct or remove it in the input governance.");
  expect(await readTags()).toEqual([]);
});

test("a field that it describes may be in the model card, and one that it does not is left there", async () => {
  const card = "---\nrisk: high\nlicense: mit\ndata_sources: census\n---\n";
  expect((await registerWith("", { workspace: { "MODEL_CARD.md": card } })).exitCode).toBe(0);
  const [tag] = await readTags();
  expect(tag?.message).toContain('"risk": "high"');
  expect(tag?.message).not.toContain("license");
});

test("the trusted commit's counts, not that of the checkout", async () => {
  const { errorCodes } = await registerWith("", { workspace: { [PATH]: "{}" } });
  expect(errorCodes).toEqual(["metadata-refused"]);
});

test("registering again after the schema changed is the same registration", async () => {
  expect((await registerWith("risk=low")).outputs.result).toBe("registered");
  await hub.push({ files: { [PATH]: SCHEMA.replace("high", "higher") } });
  expect((await registerWith("risk=low")).outputs.result).toBe("unchanged");
  expect((await registerWith("risk=higher")).errorCodes).toEqual(["version-taken"]);
});

test("the example of the README says what the README shows", async () => {
  const readme = readFileSync(new URL("README.md", import.meta.url), "utf8");
  const [, schema = ""] = /```json\n([\s\S]*?)```/.exec(readme) ?? [];
  const [, shown = ""] = /```text\n.*json:\d+:\d+: (.*)\n```/.exec(readme) ?? [];
  const [, place = ""] = /```text\n.*json(:\d+:\d+): /.exec(readme) ?? [];
  await hub.push({ files: { [PATH]: schema } });
  const card = (risk: string) => ({ "MODEL_CARD.md": `---\nrisk: ${risk}\ndata_sources: census\n---\n` });
  const fields = "owner=vision-team\nretention_days=90";
  expect((await registerWith(fields, { workspace: card("extreme") })).log).toContain(`${PATH}${place}: ${shown}`);
  expect((await registerWith(fields, { workspace: card("high") })).log).toContain("governance field review is missing");
  expect((await registerWith(fields, { workspace: card("low") })).exitCode).toBe(0);
});

test.for([
  ["is not there", undefined, "metadata-schema-missing", PATH],
  ["has misspelt keywords", '{"requierd": []}', "metadata-schema-unknown-keyword", `${PATH}:1:2`],
  ["refers to the network", '{"$ref": "http://169.254.169.254/"}', "metadata-schema-remote-reference", `${PATH}:1:10`],
] as const)("refused, and nothing written, when it %s", async ([, schema, code, place]) => {
  await hub.close();
  await start(schema === undefined ? {} : { [PATH]: schema });
  const { exitCode, errorCodes, log } = await registerWith("risk=low");
  expect([exitCode > 0, errorCodes]).toEqual([true, [code]]);
  expect(log).toContain(`${place}: `);
  expect(await readTags()).toEqual([]);
});
