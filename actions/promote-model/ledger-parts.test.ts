/** A ledger that goes on in parts: nothing of it is lost, and what somebody who may push makes of it is found before a write. */
import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { blobId } from "../../shared/adapters/github/git-object-id.ts";
import { canonicalJson } from "../../shared/records/canonical-json.ts";
import { root, runScript } from "../../test/scripts/run-script.ts";
import { createLongHistory } from "./history-testing.ts";
import { assertSucceeded, type PromotionFixture } from "./testing.ts";

const REF = "refs/heads/mlops-ledger/visits";
type Line = Record<string, unknown>;

/** The branch as git has it. */
function openBranch({ hub }: PromotionFixture) {
  const { directory } = hub.repository.git;
  const git = (...words: readonly string[]): string =>
    execFileSync("git", ["-C", directory, ...words], { encoding: "utf8", maxBuffer: 1 << 28 });
  return {
    git,
    head: () => git("rev-parse", REF).trim(),
    text: () => git("show", `${REF}:ledger.jsonl`),
    lines: (): Line[] =>
      git("show", `${REF}:ledger.jsonl`)
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    write: (text: string) => hub.push({ branch: "mlops-ledger/visits", files: { "ledger.jsonl": text } }),
    verifyClone() {
      const clone = mkdtempSync(join(tmpdir(), "clone-"));
      execFileSync("git", ["clone", "-q", "--mirror", `file://${directory}`, clone]);
      return runScript(join(root, "scripts/ledger.mjs"), ["verify", "visits", "--repository", clone]);
    },
  };
}

const format = (lines: readonly Line[]): string => lines.map((line) => `${canonicalJson(line)}\n`).join("");

describe("of a long ledger of one file", () => {
  let fixture: PromotionFixture;
  let branch: ReturnType<typeof openBranch>;
  let single: string;
  beforeAll(async () => {
    ({ fixture, text: single } = await createLongHistory(40));
    branch = openBranch(fixture);
    for (const version of ["v2.0.0", "v2.1.0"]) await fixture.register(version);
    await fixture.register("v1.40.0");
  });
  afterAll(() => fixture.hub.close());

  test("it goes on in a part, in the commit of the next intent, and loses nothing", async () => {
    const count = () => Number(branch.git("rev-list", "--count", REF));
    const commits = count();
    const run = await fixture.dispatch("staging");
    assertSucceeded(await fixture.plan(run, { version: "v2.0.0" }));
    assertSucceeded(await fixture.begin(run));
    const [part, intent] = branch.lines();
    expect([count(), part?.["seq"], part?.["type"], intent?.["seq"]]).toEqual([commits + 1, 81, "part", 82]);
    expect(part?.["before"]).toEqual({ blob: blobId(single), digest: digestOf(single) });
    expect(branch.git("cat-file", "blob", blobId(single))).toBe(single);
    assertSucceeded(await fixture.commit(run));

    expect((await fixture.reconcile()).outputs.result).toBe("consistent");
    const offline = await branch.verifyClone();
    expect(offline.stdout).toContain("valid, 83 entries, with 41 assignment tags. staging: v2.0.0");
  });

  test("a roll back leads to a version that only the part states", async () => {
    const run = await fixture.dispatch("staging");
    assertSucceeded(await fixture.plan(run, { kind: "roll-back", reason: "It was worse" }));
    const { outputs } = assertSucceeded(await fixture.apply(run));
    expect([outputs.result, outputs.version]).toEqual(["rolled-back", "v1.40.0"]);
    expect((await fixture.reconcile()).outputs.result).toBe("consistent");
  });

  test("what the first part states falsely is found where all parts are read", async () => {
    const head = branch.head();
    const [part, ...more] = branch.lines();
    const { state } = part as { state: { environments: { deployed: unknown[] }[] } };
    state.environments[0]?.deployed.splice(0, 1);
    let previous = digestOf(canonicalJson(part));
    for (const line of more) {
      Object.assign(line, { previous });
      previous = digestOf(canonicalJson(line));
    }
    await branch.write(format([part ?? {}, ...more]));
    const drift = await fixture.reconcile();
    expect([drift.outputs.result, drift.errorCodes]).toEqual(["drifted", expect.arrayContaining(["ledger-broken"])]);
    const { code, stderr } = await branch.verifyClone();
    expect([code, stderr]).toEqual([1, expect.stringContaining("[ledger-broken]")]);
    branch.git("update-ref", REF, head);
  });

  test("that its history was rewritten is found there, too", async () => {
    const [head, tree] = [branch.head(), branch.git("rev-parse", `${REF}^{tree}`).trim()];
    const by = ["-c", "user.name=eve", "-c", "user.email=eve@example.org"];
    branch.git("update-ref", REF, branch.git(...by, "commit-tree", tree, "-m", "squashed").trim());
    const { code, stderr } = await branch.verifyClone();
    expect([code, stderr]).toEqual([1, expect.stringContaining("[ledger-part-missing]")]);
    branch.git("update-ref", REF, head);
  });
});

describe("of a ledger whose file has two parts", () => {
  let fixture: PromotionFixture;
  let branch: ReturnType<typeof openBranch>;
  let head: string;
  beforeAll(async () => {
    ({ fixture } = await createLongHistory(20));
    branch = openBranch(fixture);
    for (const version of ["v2.0.0", "v2.1.0"]) await fixture.register(version);
    await fixture.promote("v2.0.0", "staging");
    head = branch.head();
  });
  afterAll(() => fixture.hub.close());
  afterEach(() => void branch.git("update-ref", REF, head));

  const isPart = ({ type }: Line): boolean => type === "part";

  test.each<[string, string, (lines: Line[], at: number) => readonly Line[]]>([
    ["some of the older part were dropped", "ledger-broken", (lines) => lines.toSpliced(5, 4)],
    [
      "two of the older part were exchanged",
      "ledger-broken",
      (lines) => lines.with(4, lines[6] ?? {}).with(6, lines[4] ?? {}),
    ],
    ["one of the older part was written twice", "ledger-broken", (lines) => lines.toSpliced(7, 0, lines[6] ?? {})],
    ["the older part was written twice", "ledger-broken", (lines, at) => [...lines.slice(0, at), ...lines]],
    ["the part was written twice", "ledger-broken", (lines, at) => lines.toSpliced(at, 0, lines[at] ?? {})],
    ["the part was taken out", "ledger-broken", (lines, at) => lines.toSpliced(at, 1)],
    ["the part states another number", "ledger-broken", (lines, at) => lines.with(at, { ...lines[at], seq: 7 })],
    [
      "the part states nothing",
      "ledger-broken",
      (lines, at) => lines.with(at, { ...lines[at], state: { environments: [], entries: [], ended: [] } }),
    ],
    ["all after the part was dropped", "assignment-not-in-ledger", (lines, at) => lines.slice(0, at + 1)],
    ["the part and all after it were dropped", "assignment-not-in-ledger", (lines, at) => lines.slice(0, at)],
    [
      "the part belongs to another ledger",
      "ledger-broken",
      (lines, at) => lines.with(at, { ...lines[at], model: "other" }),
    ],
  ])("its lines, where %s: nothing is begun", async (_, code, change) => {
    const run = await fixture.dispatch("staging");
    assertSucceeded(await fixture.plan(run, { version: "v2.1.0" }));
    const lines = branch.lines();
    await branch.write(format(change(lines, lines.findIndex(isPart))));
    const tampered = branch.head();
    const deployments = fixture.hub.repository.deployments.size;
    const { exitCode, errorCodes } = await fixture.begin(run);
    expect([exitCode, errorCodes[0]]).toEqual([2, code]);
    expect([branch.head(), fixture.hub.repository.deployments.size]).toEqual([tampered, deployments]);
  });

  test("a file of a size that no promotions leave is not read", async () => {
    await branch.write(`${branch.text()}${"x".repeat(33 * 1024 * 1024)}\n`);
    const { exitCode, errorCodes } = await fixture.plan(await fixture.dispatch("staging"), { version: "v2.1.0" });
    expect([exitCode, errorCodes]).toEqual([2, ["ledger-too-large"]]);
  });
});

test("of two that begin a part at the same time, in two environments, one does, and both go on", async () => {
  const { fixture } = await createLongHistory(40);
  await using _ = fixture.hub;
  for (const version of ["v2.0.0", "v1.40.0"]) await fixture.register(version);
  const runs = [await fixture.dispatch("staging"), await fixture.dispatch("production")] as const;
  const planned = [await fixture.planned("v2.0.0", runs[0]), await fixture.planned("v1.40.0", runs[1])];
  await fixture.hub.as("bob").approve(runs[1], "production");
  const played = await Promise.all(planned.map((one) => fixture.applyPlanned(one)));
  expect(played.map(({ outputs }) => outputs.result)).toEqual(["promoted", "promoted"]);
  const types = openBranch(fixture)
    .lines()
    .map(({ type }) => type);
  expect(types.filter((type) => type === "part")).toHaveLength(1);
  expect(types.toSorted()).toEqual(["committed", "committed", "intent", "intent", "part"]);
  expect((await fixture.reconcile()).outputs.result).toBe("consistent");
});
