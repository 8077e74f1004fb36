import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ActionError } from "../../problem/problem.ts";
import { blobId } from "../github/git-object-id.ts";
import { createDeceivedClient, createTestClient } from "../github/testing.ts";
import { createBranchLedger } from "./branch-ledger.ts";

const AT = "2026-06-15T12:00:00Z";
let hub: LocalGitHub;
beforeAll(async () => {
  hub = await startLocalGitHub({ limits: "off", files: { "a.txt": "a" } });
});
afterAll(() => hub.close());
const ledgerOf = (model: string) => createBranchLedger(createTestClient(hub), model);

test("starts empty and grows by one line per commit, without a common history with the code", async () => {
  const ledger = ledgerOf("growing");
  const empty = await ledger.read();
  expect(empty).toEqual({ head: undefined, text: "" });
  const one = await ledger.append(empty, "1", AT, "first");
  if (one === undefined) throw new Error("no other writer is here");
  await ledger.append(one, "2 \u00fc", AT, "second");
  expect((await ledger.read()).text).toBe("1\n2 \u00fc\n");
  const { body } = await hub.request("GET /repos/{owner}/{repo}/commits", { sha: "mlops-ledger/growing" });
  expect(body.map(({ commit }: { commit: { message: string } }) => commit.message)).toEqual(["second", "first"]);
});

test.each([0, 1])("of writers who all read %i lines, exactly one succeeds", async (lines) => {
  const model = `race-${lines}`;
  const start =
    lines === 0
      ? await ledgerOf(model).read()
      : await ledgerOf(model).append(await ledgerOf(model).read(), "0", AT, "");
  if (start === undefined) throw new Error("no other writer is here");
  const outcomes = await Promise.all(["a", "b", "c", "d"].map((line) => ledgerOf(model).append(start, line, AT, line)));
  const [winner, ...more] = outcomes.filter((outcome) => outcome !== undefined);
  expect(more).toEqual([]);
  expect(await ledgerOf(model).read()).toEqual(winner);
});

test.each(["git/create-ref", "git/create-commit", "git/create-tree", "repos/create-or-update-file-contents"])(
  "a lost response to %s makes no second line",
  async (operation) => {
    const ledger = ledgerOf(operation.replace("/", "-"));
    let file = await ledger.read();
    for (const line of ["1", "2"]) {
      const fault = hub.faults.next({ operation }, { kind: "reset", when: "after" });
      file = (await ledger.append(file, line, AT, line)) ?? file;
      fault[Symbol.dispose]();
    }
    expect((await ledger.read()).text).toBe("1\n2\n");
  },
);

describe("a success without effect, or about another object, is noticed", () => {
  const sha = "c".repeat(40);
  const ref = { ref: "refs/heads/x", object: { sha, type: "commit" } };
  test.each([
    ["creating the branch", "POST /git/refs", ref],
    ["creating the branch, in another shape", "POST /git/refs", { message: "Created" }],
    ["replacing the file", "PUT /contents/", { content: { sha: blobId("1\n2\n") }, commit: { sha, parents: [] } }],
    ["replacing the file, with other content", "PUT /contents/", { content: { sha }, commit: { sha } }],
    ["replacing the file, in another shape", "PUT /contents/", { message: "Updated" }],
  ])("%s: the line is written all the same", async (what, to, answer) => {
    const model = `lie-${what.replaceAll(/\W+/g, "-")}`;
    const ledger = createBranchLedger(createDeceivedClient(hub, { to, answer }), model);
    const one = await ledger.append(await ledger.read(), "1", AT, "first");
    if (one === undefined) throw new Error("no other writer is here");
    expect(await ledger.append(one, "2", AT, "second")).toEqual(await ledgerOf(model).read());
    expect((await ledgerOf(model).read()).text).toBe("1\n2\n");
  });

  test.each([
    ["POST /git/trees", { sha }],
    ["POST /git/commits", { sha: "0".repeat(39) }],
    ["POST /git/trees", []],
  ])("%s that responds with %j: nothing points to it, and the next run is not stuck", async (to, answer) => {
    const model = `lie-${to.length}-${JSON.stringify(answer).length}`;
    const deceived = createBranchLedger(createDeceivedClient(hub, { to, answer }), model);
    await expect(deceived.append(await deceived.read(), "1", AT, "first")).rejects.toThrow("[github-odd-answer]");
    expect((await ledgerOf(model).read()).head).toBeUndefined();
    await ledgerOf(model).append(await ledgerOf(model).read(), "1", AT, "first");
    expect((await ledgerOf(model).read()).text).toBe("1\n");
  });

  test("a commit of other content under the reported name", async () => {
    const other = (await hub.repository.git.resolve("refs/heads/main")) ?? "";
    const ledger = createBranchLedger(
      createDeceivedClient(hub, { to: "POST /git/commits", answer: { sha: other } }),
      "swap",
    );
    await expect(ledger.append(await ledger.read(), "1", AT, "first")).rejects.toThrow("is not the one that was sent");
    expect((await ledgerOf("swap").read()).head).toBeUndefined();
  });
});

test("other files on the branch have no effect, and a file that is gone is written anew", async () => {
  await hub.push({ branch: "mlops-ledger/others", files: { "ledger.jsonl": "1\n", "a.txt": null, "b.txt": "b" } });
  const file = await ledgerOf("others").read();
  expect([file.text, file.damage]).toEqual(["1\n", undefined]);
  await ledgerOf("others").append(file, "2", AT, "");
  expect((await ledgerOf("others").read()).text).toBe("1\n2\n");
  await hub.push({ branch: "mlops-ledger/others", files: { "ledger.jsonl": null } });
  const gone = await ledgerOf("others").read();
  expect(gone).toEqual({ head: undefined, text: "" });
  await ledgerOf("others").append(gone, "1", AT, "");
  expect((await ledgerOf("others").read()).text).toBe("1\n");
});

test("what is no text is read as far as it goes, and said", async () => {
  const bytes = new Uint8Array([0x31, 0xff, 0x0a]);
  await hub.push({ branch: "mlops-ledger/binary", files: { "ledger.jsonl": bytes, "a.txt": null } });
  const file = await ledgerOf("binary").read();
  expect(file).toMatchObject({ text: "1\ufffd\n", damage: { code: "ledger-broken" } });
  await ledgerOf("binary").append(file, "2", AT, "");
  expect(await ledgerOf("binary").read()).toEqual({ head: blobId("1\ufffd\n2\n"), text: "1\ufffd\n2\n" });
});

test("a ledger of more than a megabyte is read and appended to", async () => {
  const long = `${"x".repeat(1024 * 1024)}\n`;
  await hub.push({ branch: "mlops-ledger/long", files: { "ledger.jsonl": long, "a.txt": null } });
  const file = await ledgerOf("long").read();
  expect(file.text === long).toBe(true);
  const after = await ledgerOf("long").append(file, "2", AT, "");
  expect(after?.text === `${long}2\n`).toBe(true);
  expect((await ledgerOf("long").read()).head).toBe(after?.head);
});

test("a tag with the name of the branch is not read", async () => {
  const ledger = ledgerOf("tagged");
  await ledger.append(await ledger.read(), "1", AT, "");
  const other = (await hub.repository.git.resolve("refs/heads/main")) ?? "";
  await hub.repository.git.createRef("refs/tags/mlops-ledger/tagged", other);
  expect((await ledger.read()).text).toBe("1\n");
});

test("a line that was cut off stays one", async () => {
  const ledger = ledgerOf("cut");
  await hub.push({ branch: "mlops-ledger/cut", files: { "ledger.jsonl": "1\n2", "a.txt": null } });
  await ledger.append(await ledger.read(), "3", AT, "");
  expect((await ledger.read()).text).toBe("1\n2\n3\n");
});

test("a rule that forbids to move the branch is reported, and is not a lost race", async () => {
  const ledger = ledgerOf("guarded");
  const file = await ledger.append(await ledger.read(), "1", AT, "");
  if (file === undefined) throw new Error("no other writer is here");
  await hub.request("POST /repos/{owner}/{repo}/rulesets", {
    name: "frozen",
    target: "branch",
    enforcement: "active",
    conditions: { ref_name: { include: ["refs/heads/mlops-ledger/guarded"], exclude: [] } },
    rules: [{ type: "update" }],
  });
  await expect(ledger.append(file, "2", AT, "")).rejects.toThrow(ActionError);
});

test("a branch where the folder of the ledgers must be is named", async () => {
  await using other = await startLocalGitHub({ limits: "off", files: { "a.txt": "a" } });
  const main = (await other.repository.git.resolve("refs/heads/main")) ?? "";
  await other.repository.git.createRef("refs/heads/mlops-ledger", main);
  const ledger = createBranchLedger(createTestClient(other), "visits");
  const error = await ledger.append({ head: undefined, text: "" }, "1", AT, "first").catch((thrown: unknown) => thrown);
  expect(error instanceof ActionError && error.problems).toMatchObject([
    { code: "ledger-branch-blocked", message: expect.stringContaining("there is a branch mlops-ledger") },
  ]);
});
