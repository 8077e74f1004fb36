/** The demo's story, asserted step by step. It runs once; the tests check its result. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildActions } from "../bundle/built-actions.ts";
import { readTemplates } from "./story/example-files.ts";
import { endingOf, jobConclusions, listComments } from "./story/observe.ts";
import { renderReport } from "./story/report/render-report.ts";
import { runStory } from "./story/run-story.ts";
import { createFixture, type StoryFixture } from "./story/story-fixture.ts";
import type { StoryStep, StoryView } from "./story/story-step.ts";

let fixture: StoryFixture;
const steps: StoryStep[] = [];

beforeAll(async () => {
  buildActions();
  fixture = await createFixture();
  for await (const step of runStory(fixture)) steps.push(step);
}, 120_000);
afterAll(() => fixture[Symbol.asyncDispose]());

const findStep = (title: RegExp): StoryStep =>
  steps.find((step) => title.test(step.title)) ?? expect.fail(`no step ${title}`);
const findViews = <Kind extends StoryView["kind"]>(title: RegExp, kind: Kind) =>
  findStep(title).views.filter((view): view is Extract<StoryView, { kind: Kind }> => view.kind === kind);
const checks = (title: RegExp) =>
  Object.fromEntries(findViews(title, "checks").flatMap((view) => view.checks.map(({ name, state }) => [name, state])));
const comment = (title: RegExp): string => {
  const [only, ...more] = findViews(title, "comment");
  expect(more).toEqual([]);
  return only?.body ?? expect.fail("there is no comment");
};
/** The object that a tag points to. */
const resolveTag = async (name: string): Promise<string> =>
  (await fixture.github.repository.git.resolve(`refs/tags/${name}`)) ?? expect.fail(`there is no tag ${name}`);

/** The statuses of each deployment to an environment, oldest first. */
const deploymentsTo = (environment: string): readonly string[] =>
  [...fixture.github.repository.deployments.values()]
    .filter((deployment) => deployment.environment === environment)
    .map(({ statuses }) => statuses.map(({ state }) => state).join(" "));

test("every step runs", () => {
  expect(steps.map(({ title }) => title)).toMatchInlineSnapshot(`
    [
      "Twelve lines are pasted into a repository",
      "The next pull request shows the difference, and the first rule makes it a gate",
      "A repository is set up",
      "A pull request with dirty data is stopped",
      "The fixed pull request trains on the GPU runner and merges",
      "v1.0.0 is registered",
      "v1.0.0 is promoted to staging",
      "v1.0.0 waits for production until somebody else approves",
      "A change that is better overall but worse for people in poor health is blocked",
      "A good change merges",
      "A fork's pull request works with its read-only token",
      "v1.1.0 is registered",
      "v1.1.0 is promoted to staging",
      "v1.1.0 waits for production until somebody else approves",
      "v1.1.0 is rolled back to v1.0.0",
    ]
  `);
});

describe("the twelve lines", () => {
  const shown = (title: RegExp): readonly string[] => findViews(title, "comment").map(({ body }) => body);

  test("show the numbers of the first pull request, shortened and without a verdict", () => {
    const [only = "", ...more] = shown(/^Twelve lines/);
    expect(more).toEqual([]);
    expect(only).toMatch(/^### .*No rules yet: nothing was gated/);
    expect(only).toMatch(/\| `mae` \| .*2\.6\d* \|/);
    expect(only).not.toMatch(/\d\.\d{10}/);
  });

  test("show the difference, and gate once there is a rule, in one comment", () => {
    const [difference, gated, ...more] = shown(/^The next pull request/);
    expect(more).toEqual([]);
    expect(difference).toContain("No rules yet");
    expect(difference).toContain("better");
    expect(gated).toMatch(/^### .*Not ready to merge/);
  });
});

describe("a pull request", () => {
  test("with dirty data is stopped before anything is trained, and its comment names the lines", () => {
    const dirty = /dirty data/;
    expect(checks(dirty)).toMatchObject({ data: "failure", train: "skipped", gate: "failure" });
    expect(comment(dirty)).toContain("Not ready to merge: the data violates its contract");
    for (const line of [19_105, 19_320, 20_011]) expect(comment(dirty)).toContain(`data/visits.csv:${line}`);
    // Cell values are never shown.
    expect(comment(dirty)).not.toContain("-9");
  });

  test("is trained on the team's own runner, and its comment is updated in place", () => {
    expect(comment(/fixed/)).toContain("Ready to merge: all 4 rules pass");
    const trainings = fixture.github.runs({ workflow: "train.yml" }).flatMap((run) => run.attempts.at(-1)?.jobs ?? []);
    expect(trainings.map(({ runner }) => runner?.name)).toEqual(["gpu-1", "gpu-1", "gpu-1"]);
  });

  test("that is better overall and worse for a slice is blocked, and the comment says why", () => {
    const capped = /worse for people/;
    expect(checks(capped)).toMatchObject({ data: "success", train: "success", gate: "failure", report: "success" });
    const [reason] = /^- ❌.*$/m.exec(comment(capped)) ?? [];
    expect(reason).toMatch(/`mae` in `poor-health`.*4\.589 → 4\.916.*≤ 2 % worse/);
    expect(comment(capped)).toMatch(/✅ \| `mae` \|.*better/);
    expect(findViews(capped, "pull")).toMatchObject([{ state: "open" }]);
    expect(findStep(capped).lines.at(-1)?.text).toContain('Required status check "gate" is failing');
  });

  test("that is better everywhere merges", () => {
    expect(comment(/good change/)).toContain("Ready to merge");
    const [{ number = 0 } = {}] = findViews(/good change/, "pull");
    expect(fixture.github.repository.pulls.get(number)?.merged).toBe(true);
  });

  test("of a fork trains on a GitHub-hosted runner with a read-only token, and still gets a comment", () => {
    const isDanas = (side: { readonly fullName: string } | undefined): boolean => side?.fullName === "dana/visits";
    const pulls = [...fixture.github.repository.pulls.values()];
    const pull = pulls.find(({ head }) => isDanas(head)) ?? expect.fail("no pull request of a fork");
    const runs = fixture.github.runs({ workflow: "pull-request.yml" });
    const run = runs.find(({ headRepository }) => isDanas(headRepository)) ?? expect.fail("no run of a fork");
    expect(jobConclusions(run)).toMatchObject({
      train: "skipped",
      "train-fork": "success",
      gate: "success",
      report: "success",
    });
    expect(fixture.github.log(run, "report")).toContain(
      "No comment: a fork's pull request has a token that cannot write",
    );
    expect(listComments(fixture.github, pull)).toEqual([
      { author: "github-actions[bot]", body: expect.stringContaining("for the numbers that this fork's run reported") },
    ]);
  });
});

describe("a version", () => {
  test("is a tag with its record", async () => {
    const [first, second] = [await resolveTag("visits@v1.0.0"), await resolveTag("visits@v1.1.0")];
    expect(first).toMatch(/^[0-9a-f]{40}$/);
    expect(second).toMatch(/^[0-9a-f]{40}$/);
    expect(first).not.toBe(second);
  });

  test("reaches production when somebody else approves, and is rolled back; the ledger has every step", async () => {
    const [ledger] = findViews(/rolled back/, "ledger");
    expect(ledger?.rows.map((row) => Object.values(row).join(" "))).toEqual([
      "promote v1.0.0 staging alice  visits#staging#1",
      "promote v1.0.0 production alice carol visits#production#1",
      "promote v1.1.0 staging alice  visits#staging#2",
      "promote v1.1.0 production alice carol visits#production#2",
      "roll-back v1.0.0 production carol alice visits#production#3",
    ]);
    expect(await resolveTag("visits#production#3")).toBe(await resolveTag("visits@v1.0.0"));
  });

  test("has one deployment for each promotion, and only the newest of an environment is active", () => {
    expect(deploymentsTo("staging")).toEqual(["in_progress success inactive", "in_progress success"]);
    expect(deploymentsTo("production")).toEqual([
      "in_progress success inactive",
      "in_progress success inactive",
      "in_progress success",
    ]);
  });

  test("is not approved by who requested it", () => {
    const promotions = fixture.github.runs({ workflow: "promote.yml" });
    const approvals = promotions.flatMap((run) => run.approvals.map(({ user }) => [run.actor.login, user.login]));
    expect(approvals).toEqual([
      ["alice", "carol"],
      ["alice", "carol"],
      ["carol", "alice"],
    ]);
  });
});

test("every job of every template ran, with inputs that its actions declare", () => {
  const runs = fixture.github.runs();
  const ran = new Set(
    runs.flatMap((run) =>
      Object.entries(jobConclusions(run)).flatMap(([job, conclusion]) =>
        conclusion === "success" ? [`${run.workflow.path} ${job}`] : [],
      ),
    ),
  );
  const jobs = Object.entries(readTemplates()).flatMap(([path, text]) =>
    [...text.replace(/^[\s\S]*?^jobs:\n/m, "").matchAll(/^ {2}([\w-]+):$/gm)].map(([, job]) => `${path} ${job}`),
  );
  expect(jobs.length).toBeGreaterThan(10);
  expect(jobs.filter((job) => !ran.has(job))).toEqual([]);
  expect(runs.filter((run) => fixture.github.log(run).includes("Unexpected input"))).toEqual([]);
});

test("the report contains every step and is self-contained", () => {
  const page = renderReport({ steps, ending: endingOf(fixture.github), seconds: 1, styles: [], mermaid: "" });
  for (const { title } of steps) expect(page).toContain(title.replaceAll("'", "&#39;"));
  expect(page).not.toMatch(/<(?:script|link|img)[^>]* (?:src|href)="(?!data:)/);
  // Its links lead within the page: the local GitHub is gone when it is read.
  expect(
    [...page.matchAll(/<a\b[^>]*\shref="([^"]*)"/g)].map(([, to]) => to).filter((to) => !/^#step-\d+$/.test(to ?? "")),
  ).toEqual([]);
  const shown = [...page.matchAll(/<h3>[\s\S]*?#(\d+) by[\s\S]*?<\/h3>/g)];
  const ended = shown.map(([heading, number]) => [
    Number(number),
    /class="pill (\w+)">\w+<\/span><\/h3>/.exec(heading)?.[1],
  ]);
  const pulls = [...fixture.github.repository.pulls.values()];
  expect(new Map(ended as [number, string][])).toEqual(endingOf(fixture.github).pulls);
  expect(pulls.filter(({ merged }) => merged).length).toBeGreaterThan(1);
});

test("a version that fails to deploy is not promoted: the one before stays", async () => {
  const { github, owner, alice } = fixture;
  const path = ".github/workflows/promote.yml";
  const failing = readTemplates()[path]?.replace("      # Deploy here", "      - run: exit 1\n$&") ?? "";
  await owner.request("DELETE /repos/{owner}/{repo}/branches/{branch}/protection", { branch: "main" });
  await owner.push({ files: { [path]: failing }, message: "Deploy, and fail" });
  await github.waitUntilIdle();
  const inputs = { environment: "staging", kind: "roll-back", reason: "Try it" };
  const run = await alice.run("promote.yml", { inputs });
  expect(jobConclusions(run)).toEqual({ plan: "success", apply: "failure" });
  expect(github.log(run)).toContain(
    "v1.0.0 was not committed before the job ended: its promotion to staging is aborted",
  );
  const before = ["in_progress success inactive", "in_progress success"];
  expect(deploymentsTo("staging")).toEqual([...before, "in_progress failure"]);
  expect(await resolveTag("visits#staging#2")).toBe(await resolveTag("visits@v1.1.0"));
  expect(await github.repository.git.resolve("refs/tags/visits#staging#3")).toBeUndefined();
});
