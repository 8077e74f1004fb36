/** Approval by reviews of a pull request, and every way around it that was thought of. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { storeFile } from "../../shared/adapters/registry/testing.ts";
import { digestRecord } from "../../shared/records/digest.ts";
import { anyPlan } from "../../shared/records/promotion-plan.ts";
import { readValue } from "../../shared/records/testing.ts";
import { assertSucceeded, createFixture, type PromotionFixture, type PromotionInputs } from "./testing.ts";

const POLICY = `version: 2
model: { name: visits, files: [model.json] }
environments:
  - { name: staging, approvals: 0 }
  - { name: production, needs: [staging], approvals: 1, approved-by: review, approvers: [bob, carol], approval-expires: 24h }
`;
const PATH = "promotions/visits/production.yml";

let fixture: PromotionFixture;
beforeEach(async () => {
  fixture = await createFixture({ policy: POLICY, model: "visits", reviewed: [], version: 2 });
  for (const version of ["v1.0.0", "v1.1.0"]) {
    await fixture.register(version);
    await fixture.promote(version, "staging");
  }
});
afterEach(() => fixture.hub.close());

const as = (who: string) => fixture.hub.as(who);

interface Asked {
  readonly number: number;
  readonly branch: string;
  readonly inputs: PromotionInputs;
}

/** The plan's job, and a pull request with what it wrote. */
async function ask(
  version = "v1.0.0",
  { files = {}, by = "alice" }: { files?: Record<string, string>; by?: string } = {},
): Promise<Asked> {
  const run = await fixture.dispatch("production");
  const plan = `plan-${run.id}.json`;
  const { outputs } = assertSucceeded(await fixture.plan(run, { version, plan }));
  const text = readFileSync(join(fixture.workspace, PATH), "utf8");
  const branch = `promote-${run.id}`;
  await as(by).push({ branch, files: { [PATH]: text, ...files } });
  const { number } = await as(by).openPullRequest({ head: branch });
  return { number, branch, inputs: { plan, "plan-digest": outputs["plan-digest"] } };
}

/** What the push of the merge starts. */
async function carryOut({ inputs }: Asked, mode: "begin" | "commit" | "apply" = "apply") {
  const run = await fixture.dispatch("production", "bob");
  return fixture[mode](run, inputs);
}

async function approveAndMerge(asked: Asked, approver = "bob"): Promise<void> {
  await as(approver).review(asked.number, "APPROVE", "as planned");
  await as("alice").merge(asked.number);
}

describe("a plan that was reviewed", () => {
  test("is carried out by the merge, and the ledger has who approved which commit", async () => {
    const asked = await ask();
    await approveAndMerge(asked);
    const begun = assertSucceeded(await carryOut(asked, "begin"));
    expect(begun.outputs).toMatchObject({ result: "begun", version: "v1.0.0", environment: "production" });
    assertSucceeded(await carryOut(asked, "commit"));
    const [intent] = (await fixture.ledger()).filter(({ type, plan }) => type === "intent" && plan.to === "production");
    expect(intent.plan).toMatchObject({
      approvalBy: "review",
      approvers: [
        { kind: "user", name: "bob" },
        { kind: "user", name: "carol" },
      ],
    });
    expect(intent.approvals).toMatchObject([{ login: "bob", by: "review", comment: "as planned" }]);
    expect(intent.approvals[0].commit).toMatch(/^[0-9a-f]{40}$/);
  });

  test("is shown with what to copy, and expires as the policy says", async () => {
    const run = await fixture.dispatch("production");
    const { summary, outputs } = assertSucceeded(await fixture.plan(run, { version: "v1.0.0", challenge: "true" }));
    expect(outputs.challenge).toBe("");
    expect(summary).toContain(`open a pull request that changes \`${PATH}\` to this, and nothing else`);
    expect(summary).toContain(`plan: ${outputs["plan-digest"]}`);
    expect(summary).toContain("1 person other than alice, by reviews of a pull request: `bob`, `carol`");
    const plan = JSON.parse(readFileSync(join(fixture.workspace, "promotion-plan.json"), "utf8"));
    expect(Date.parse(plan.expiresAt) - Date.parse(plan.createdAt)).toBe(24 * 3_600_000);
  });

  test("says what is asked for, so that the job can fetch the plan", async () => {
    const asked = await ask();
    await approveAndMerge(asked);
    const run = await fixture.dispatch("production", "bob");
    const { outputs } = assertSucceeded(await fixture.request(run));
    expect(outputs).toMatchObject({
      ...{ result: "requested", environment: "production", version: "v1.0.0" },
      ...{ "plan-digest": asked.inputs["plan-digest"], run: asked.branch.slice("promote-".length) },
    });
  });

  test("is fetched from its run by begin, which then needs no inputs; without its artifact it is refused", async () => {
    const asked = await ask();
    await approveAndMerge(asked);
    const merge = await fixture.dispatch("production", "bob");
    const unsaid = { environment: "", "plan-digest": "", plan: "fetched.json" };
    expect((await fixture.begin(merge, unsaid)).errorCodes).toEqual(["plan-not-uploaded"]);
    const id = Number(asked.branch.slice("promote-".length));
    const run = [...fixture.hub.repository.actions.runs.values()].find((one) => one.id === id) ?? expect.fail("no run");
    const text = readFileSync(join(fixture.workspace, String(asked.inputs.plan)), "utf8");
    storeFile(fixture.hub, run, "promotion-plan", { "promotion-plan.json": text });
    const { outputs } = assertSucceeded(await fixture.begin(merge, unsaid));
    expect(outputs).toMatchObject({
      environment: "production",
      "plan-digest": asked.inputs["plan-digest"],
      result: "begun",
    });
  });

  test("can be a roll back as well", async () => {
    for (const version of ["v1.0.0", "v1.1.0"]) {
      const asked = await ask(version);
      await approveAndMerge(asked);
      assertSucceeded(await carryOut(asked));
    }
    const run = await fixture.dispatch("production");
    const inputs = { plan: "back.json", kind: "roll-back", reason: "calls" };
    const { outputs } = assertSucceeded(await fixture.plan(run, inputs));
    await as("alice").push({ branch: "back", files: { [PATH]: readFileSync(join(fixture.workspace, PATH), "utf8") } });
    const { number } = await as("alice").openPullRequest({ head: "back" });
    const asked = { number, branch: "back", inputs: { plan: "back.json", "plan-digest": outputs["plan-digest"] } };
    await approveAndMerge(asked, "carol");
    expect(assertSucceeded(await carryOut(asked)).outputs.result).toBe("rolled-back");
  });

  test("counts a later approval of the same person, after changes were asked for", async () => {
    const asked = await ask();
    await as("bob").review(asked.number, "REQUEST_CHANGES", "why?");
    await approveAndMerge(asked);
    expect(assertSucceeded(await carryOut(asked)).outputs.result).toBe("promoted");
  });
});

describe("it is refused", () => {
  test.each<[string, string, (asked: Asked) => Promise<void>]>([
    ["nobody reviewed it", "approvals-missing", async () => {}],
    [
      "somebody else approved it",
      "approval-by-other",
      async ({ number }) => void (await as("dan").review(number, "APPROVE")),
    ],
    [
      "it was only commented",
      "approvals-missing",
      async ({ number }) => void (await as("bob").review(number, "COMMENT", "fine")),
    ],
    [
      "an approver asks for changes, whoever else approved",
      "approval-rejected",
      async ({ number }) => {
        await as("bob").review(number, "APPROVE");
        await as("carol").review(number, "REQUEST_CHANGES", "no");
      },
    ],
    [
      "the approval was dismissed",
      "approval-dismissed",
      async ({ number }) => {
        const { id } = await as("bob").review(number, "APPROVE");
        await as("alice").request("PUT /repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}/dismissals", {
          ...{ pull_number: number, review_id: Number(id), message: "no" },
        });
      },
    ],
    [
      "a commit was pushed after the approval",
      "approval-of-other-commit",
      async ({ number, branch }) => {
        await as("bob").review(number, "APPROVE");
        const text = readFileSync(join(fixture.workspace, PATH), "utf8");
        await as("alice").push({ branch, files: { [PATH]: `${text}# more\n` } });
      },
    ],
    [
      "who approved it had pushed a commit to it",
      "approval-by-writer",
      async ({ number, branch }) => {
        const text = readFileSync(join(fixture.workspace, PATH), "utf8");
        await as("bob").push({ branch, files: { [PATH]: `${text}# more\n` } });
        await as("bob").review(number, "APPROVE");
      },
    ],
    [
      "the change also touches who may approve",
      "policy-changed",
      async ({ number, branch }) => {
        await as("alice").push({
          branch,
          files: { ".github/mlops.yml": POLICY.replace("[bob, carol]", "[bob, carol, dan]") },
        });
        await as("dan").review(number, "APPROVE");
      },
    ],
    [
      "the change also touches something else",
      "request-with-other-changes",
      async ({ number, branch }) => {
        await as("alice").push({ branch, files: { "deploy.sh": "rm -rf" } });
        await as("bob").review(number, "APPROVE");
      },
    ],
  ])("when %s", async (_, code, prepare) => {
    const asked = await ask();
    await prepare(asked);
    await as("alice").merge(asked.number);
    const before = await fixture.ledger();
    const played = await carryOut(asked);
    expect([played.exitCode, played.errorCodes]).toEqual([2, expect.arrayContaining([code])]);
    expect(await fixture.ledger()).toEqual(before);
  });

  test("when the requester, who is an approver, approves somebody else's pull request", async () => {
    const run = await fixture.dispatch("production", "bob");
    const { outputs } = assertSucceeded(await fixture.plan(run, { version: "v1.0.0", plan: "own.json" }));
    await as("alice").push({ branch: "own", files: { [PATH]: readFileSync(join(fixture.workspace, PATH), "utf8") } });
    const { number } = await as("alice").openPullRequest({ head: "own" });
    const asked = { number, branch: "own", inputs: { plan: "own.json", "plan-digest": outputs["plan-digest"] } };
    await approveAndMerge(asked, "bob");
    expect((await carryOut(asked)).errorCodes).toEqual(["approvals-missing", "approval-by-requester"]);
  });

  test("when the plan was written by hand to name another requester", async () => {
    const asked = await ask();
    const file = join(fixture.workspace, String(asked.inputs.plan));
    const forged = JSON.parse(readFileSync(file, "utf8"));
    forged.requestedBy = { login: "carol", id: Number(forged.requestedBy.id) + 1 };
    writeFileSync(file, JSON.stringify(forged));
    await approveAndMerge(asked);
    // Its digest is another one, and with that of the forgery the request is for another plan.
    expect((await carryOut(asked)).errorCodes).toEqual(["plan-digest-differs"]);
  });

  test.each([
    ["lets it wait longer than the policy does", { expiresAt: "2099-01-01T00:00:00.000Z" }, "plan-expired"],
    ["says that it is younger than its run", { createdAt: "2098-12-31T00:00:00.000Z" }, "plan-made-later"],
  ])("when the plan's file, written by hand, %s", async (_, change, code) => {
    const asked = await ask();
    const file = join(fixture.workspace, String(asked.inputs.plan));
    const forged = { ...JSON.parse(readFileSync(file, "utf8")), expiresAt: "2099-01-01T00:00:00.000Z", ...change };
    writeFileSync(file, JSON.stringify(forged));
    const digest = digestRecord(readValue(anyPlan, forged), digestOf);
    const request = readFileSync(join(fixture.workspace, PATH), "utf8").replace(/^plan: .*$/m, `plan: ${digest}`);
    await as("alice").push({ branch: asked.branch, files: { [PATH]: request } });
    await approveAndMerge(asked);
    fixture.hub.clock.advance(25 * 3_600_000);
    expect((await carryOut({ ...asked, inputs: { ...asked.inputs, "plan-digest": digest } })).errorCodes).toEqual([
      code,
    ]);
  });

  test("when another run than one of the default branch made the plan", async () => {
    await as("alice").push({ branch: "own-workflow", files: { "notes.md": "x" } });
    const other = await as("alice").run("promote.yml", { ref: "own-workflow", inputs: { environment: "production" } });
    const asked = await ask();
    const file = join(fixture.workspace, String(asked.inputs.plan));
    const forged = JSON.parse(readFileSync(file, "utf8"));
    forged.origin.run = other.id;
    writeFileSync(file, JSON.stringify(forged));
    const digest = digestRecord(readValue(anyPlan, forged), digestOf);
    const request = readFileSync(join(fixture.workspace, PATH), "utf8")
      .replace(/^plan: .*$/m, `plan: ${digest}`)
      .replace(/^run: .*$/m, `run: ${other.id}`);
    await as("alice").push({ branch: asked.branch, files: { [PATH]: request } });
    await approveAndMerge(asked);
    const inputs = { ...asked.inputs, "plan-digest": digest };
    expect((await carryOut({ ...asked, inputs })).errorCodes).toEqual(["plan-of-other-branch"]);
  });

  test("when the plan has expired, or was carried out and replaced", async () => {
    const old = await ask("v1.0.0");
    await approveAndMerge(old);
    fixture.hub.clock.advance(25 * 3_600_000);
    expect((await carryOut(old)).errorCodes).toEqual(["plan-expired"]);
  });

  test("when another plan was carried out meanwhile", async () => {
    const first = await ask("v1.0.0");
    await approveAndMerge(first);
    assertSucceeded(await carryOut(first));
    const again = assertSucceeded(await carryOut(first));
    expect(again.log).toContain("carried out before");
    const second = await ask("v1.1.0");
    await approveAndMerge(second);
    assertSucceeded(await carryOut(second));
    // The first one's merge is not what started this run any more, and its plan is no longer what the environment has.
    expect((await carryOut(first)).errorCodes).toEqual(["promotion-superseded"]);
  });

  test("when the merge is of another request than the plan's", async () => {
    const first = await ask("v1.0.0");
    const second = await ask("v1.1.0");
    await approveAndMerge(second);
    expect((await carryOut(first)).errorCodes).toEqual(["request-of-other-plan"]);
  });

  test("when no pull request was merged", async () => {
    const asked = await ask();
    await as("alice").push({ files: { "README.md": "x" } });
    expect((await carryOut(asked)).errorCodes).toEqual(["request-not-merged"]);
    expect((await fixture.request(await fixture.dispatch("production"))).errorCodes).toEqual(["request-not-merged"]);
  });

  test.each([
    ["in another folder", "promotions/visits/staging.yml", (text: string) => text, "request-elsewhere"],
    ["with a key that is none", PATH, (text: string) => `${text}approved: true\n`, "request-unknown-key"],
    ["without its plan", PATH, (text: string) => text.replace(/plan: .*\n/, ""), "request-missing-key"],
  ])("when the file is %s", async (_, path, change, code) => {
    const run = await fixture.dispatch("production");
    const { outputs } = assertSucceeded(await fixture.plan(run, { version: "v1.0.0" }));
    const text = readFileSync(join(fixture.workspace, PATH), "utf8");
    await as("alice").push({ branch: "odd", files: { [path]: change(text) } });
    const { number } = await as("alice").openPullRequest({ head: "odd" });
    const asked = { number, branch: "odd", inputs: { "plan-digest": outputs["plan-digest"] } };
    await approveAndMerge(asked);
    expect((await carryOut(asked)).errorCodes).toEqual([code]);
  });
});

test("an environment of GitHub's reviewers writes no request", async () => {
  expect(existsSync(join(fixture.workspace, "promotions/visits/staging.yml"))).toBe(false);
});
