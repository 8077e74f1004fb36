/**
 * A GitHub that errs and lies a few times, over the whole story of a pull request: what is green is true, and a re-run ends
 * with one comment of the newest run. One seed alone: `-t "seed 17$"`.
 *
 * A green run is held to the state at its end. While two run at once, the slower one may still be about to write, so that
 * there may be a second comment until it has ended, or has been run again.
 */
import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { jobToken, seededRandom } from "@mlops-actions/localhub/testing";
import { expect, test } from "vitest";
import { EXIT_CODE } from "../../shared/action/report-failure.ts";
import type { Connect } from "../../shared/action/run-action.ts";
import { createConversation } from "../../shared/adapters/github/conversation.ts";
import { getOctokit } from "../../shared/adapters/github/octokit.ts";
import { createTestClient } from "../../shared/adapters/github/testing.ts";
import type { Time } from "../../shared/adapters/github/time.ts";
import { isMarked } from "../../shared/core/comment/marker.ts";
import { parseSections } from "../../shared/core/comment/section.ts";
import { compose, createSection } from "../../shared/core/comment/testing.ts";
import { createSchedule, formatStory, inject } from "../../test/fixture/fault-schedule.ts";
import { playAction } from "../../test/fixture/play-action.ts";
import { createSharedTime } from "../../test/fixture/shared-time.ts";
import { connect } from "./connect.ts";
import { judgeOwn } from "./judge-anew.ts";
import { type Ports, run } from "./run.ts";
import { spec } from "./spec.ts";
import { judgeValues, NO_WAIVERS, POLICY } from "./testing.ts";

/** More of them in `npm run test:deep`. */
const SCHEDULES = Number(process.env["LYING_SCHEDULES"] ?? 40);
const OPERATIONS = {
  reads: ["repos/get-content", "pulls/get", "issues/get-comment", "users/get-authenticated"],
  lists: ["issues/list-comments"],
  writes: ["issues/create-comment", "issues/update-comment", "issues/delete-comment"],
};
const WORKFLOW = ".github/workflows/ci.yml";

/** Requests take up to so long: much less than a writer waits for others. */
const MAX_LATENCY_MS = 40;

/** In virtual time. Two runs at once take turns, request by request, in an order that the seed decides. */
const connectWith =
  (hub: LocalGitHub, time: Time): Connect<typeof spec, Ports> =>
  async (given) => {
    const token = jobToken(hub.world, hub.repository, 1, { contents: "read", pull_requests: "write" }).value;
    const travel = (): Promise<void> => time.sleep(time.random() * MAX_LATENCY_MS);
    const github = createTestClient(hub, {
      ...{ time, token },
      getOctokit: (_, { request, ...options }) =>
        getOctokit(token, {
          ...options,
          request: {
            async fetch(url, init) {
              await travel();
              return request.fetch(url, init).finally(travel);
            },
          },
        }),
    });
    return {
      ...(await connect(given)),
      judgeAnew: (verdict, { base }) =>
        judgeOwn(github, verdict, {
          ...{ base, diffArtifact: undefined, baselineArtifact: "training-record", firstRun: "fail", ...NO_WAIVERS },
          files: { exists: async () => false, read: () => Promise.reject(new Error("nothing is read")) },
          readPredictions: () => Promise.reject(new Error("the policy names none")),
        }),
      conversation: (number) => createConversation(github, number, given.signal, time),
    };
  };

interface Reported {
  readonly run: number;
  readonly green: boolean;
  readonly url: string;
  readonly log: string;
}

async function playSchedule(seed: number): Promise<readonly string[]> {
  const problems: string[] = [];
  await using hub = await startLocalGitHub({ limits: "off", files: { ".github/mlops.yml": POLICY } });
  const ref = (await hub.repository.git.resolve("refs/heads/main")) ?? "";
  const head = await hub.push({ branch: "change", files: { "change.txt": "x" } });
  const { number } = await hub.openPullRequest({ head: "change" });
  const time = createSharedTime();
  // Neither is ours: one by a person, and one by a person who has copied our marker.
  const texts = ["Looks good", compose([createSection({ run: 99, head }, "Ready")], WORKFLOW)];
  for (const body of texts)
    await hub.as("mallory").request("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", {
      issue_number: number,
      body,
    });

  const comments = () => [...hub.repository.comments.values()].filter(({ issue }) => issue === number);
  const own = () => comments().filter(({ author }) => author.login !== "mallory");
  const runsShown = () =>
    own().map(({ body }) => (isMarked(body, WORKFLOW) && parseSections(body)[0]?.revision.run) || 0);

  /** One run each, at the same time. */
  async function report(runs: readonly number[], attempt = 1): Promise<readonly Reported[]> {
    const actors = runs.map((id) => ({ id, time: time.join(seededRandom(seed + id)) }));
    return Promise.all(
      actors.map(async (actor) => {
        using mine = actor.time;
        return await reportAs(actor.id, attempt, mine);
      }),
    );
  }
  async function reportAs(id: number, attempt: number, mine: Time): Promise<Reported> {
    const origin = { repository: hub.repository.fullName, workflow: "ci.yml", run: id, attempt, actor: "alice" };
    const verdict = judgeValues({ head, origin, ref, values: { mae: 2.5 }, notes: [`report of run ${id}`] });
    const payload = {
      pull_request: {
        number,
        base: { ref: "main" },
        head: { sha: head, ref: "change", repo: { full_name: hub.repository.fullName } },
      },
    };
    const played = await playAction(spec, run, connectWith(hub, mine), {
      hub,
      event: { name: "pull_request", payload, sha: "d".repeat(40) },
      run: { id, attempt },
      files: { "verdict.json": JSON.stringify(verdict) },
    });
    const { exitCode, errorCodes, log, outputs } = played;
    if (exitCode === EXIT_CODE.bug) problems.push(`exit 70: ${log}`);
    if (exitCode !== 0 && errorCodes.length === 0) problems.push(`no code: ${log}`);
    return { run: id, green: exitCode === 0 && outputs.comment !== "none", url: outputs.url, log };
  }

  function checkGreen(reported: readonly Reported[]): void {
    const green = reported.filter((one) => one.green);
    const newest = Math.max(0, ...green.map((one) => one.run));
    if (newest === 0) return;
    if (!runsShown().some((shown) => shown >= newest))
      problems.push(`wrong: run ${newest} is green, and the comments show ${runsShown()}`);
    if (green.length < reported.length) return;
    if (own().length !== 1) problems.push(`wrong: ${green.length} green, and ${own().length} comments`);
    const urls = own().map(({ id }) => `#issuecomment-${id}`);
    for (const { url } of green)
      if (!urls.some((end) => url.endsWith(end))) problems.push(`wrong: the output url is ${url}`);
  }

  const schedule = createSchedule(seed, OPERATIONS);
  inject(hub, schedule, OPERATIONS.lists);
  checkGreen(await report([11]));
  checkGreen(await report([12]));
  checkGreen(await report([13, 14]));
  inject(hub, [], []);
  // As a user does: what failed, or is in doubt, is run again; an older run must not take the place of a newer one.
  const again = [...(await report([14], 2)), ...(await report([13], 2))];
  for (const { run: id, green, log } of again) if (!green) problems.push(`stuck: run ${id}: ${log}`);
  if (own().length !== 1 || runsShown()[0] !== 14)
    problems.push(`stuck: in the end the comments show ${runsShown().join() || "nothing"}`);
  const theirs = comments().filter((one) => one.author.login === "mallory");
  if (theirs.map(({ body }) => body).join() !== texts.join()) problems.push("wrong: comments of others have changed");
  return problems.length === 0 ? [] : [...problems, formatStory(hub, schedule)];
}

test.each(Array.from({ length: SCHEDULES }, (_, index) => index + 1))(
  "seed %d",
  async (seed) => {
    expect((await playSchedule(seed)).join("\n")).toBe("");
  },
  60_000,
);
