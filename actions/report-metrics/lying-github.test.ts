/** A GitHub that errs and lies a few times: one comment of the newest run in the end, and no false success on the way. */
import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { jobToken } from "@mlops-actions/localhub/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EXIT_CODE } from "../../shared/action/report-failure.ts";
import type { Connect } from "../../shared/action/run-action.ts";
import { createConversation } from "../../shared/adapters/github/conversation.ts";
import { readPull } from "../../shared/adapters/github/pulls.ts";
import { createFakeTime, createTestClient } from "../../shared/adapters/github/testing.ts";
import { createVerdict } from "../../shared/report/testing.ts";
import { type LyingProxy, startLyingProxy } from "../../test/fixture/lying-proxy.ts";
import { playAction } from "../../test/fixture/play-action.ts";
import { connect } from "./connect.ts";
import { type Ports, run } from "./run.ts";
import { spec } from "./spec.ts";

/** More of them in `npm run test:deep`. */
const SCHEDULES = Number(process.env["LYING_SCHEDULES"] ?? 30);

let hub: LocalGitHub;
let proxy: LyingProxy;
beforeAll(async () => {
  hub = await startLocalGitHub({ limits: "off", files: { "README.md": "model" } });
  proxy = await startLyingProxy(hub.apiUrl);
});
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await hub.close();
});

/** Waits take no time. */
const connectQuickly: Connect<typeof spec, Ports> = async (given) => {
  const time = createFakeTime();
  const token = jobToken(hub.world, hub.repository, 1, { pull_requests: "write" }).value;
  const context = { urls: { api: proxy.apiUrl }, repository: hub.repository.fullName };
  const github = createTestClient(hub, { context, time, token });
  return {
    ...(await connect(given)),
    readPull: (number) => readPull(github, number),
    conversation: (number) => createConversation(github, number, given.signal, time),
  };
};

async function playSchedule(seed: number): Promise<readonly string[]> {
  const faults: string[] = [];
  const head = await hub.push({ branch: `change-${seed}`, files: { [`${seed}.txt`]: "x" } });
  const { number } = await hub.openPullRequest({ head: `change-${seed}` });
  const comments = () => [...hub.repository.comments.values()].filter(({ issue }) => issue === number);
  const report = async (id: number): Promise<{ readonly ok: boolean; readonly log: string }> => {
    const origin = { repository: hub.repository.fullName, workflow: "ci.yml", run: id, attempt: 1, actor: "alice" };
    const verdict = createVerdict({ head, origin, notes: [`report of run ${id}`] });
    const payload = { pull_request: { number, head: { sha: head, repo: { full_name: hub.repository.fullName } } } };
    const played = await playAction(spec, run, connectQuickly, {
      hub,
      event: { name: "pull_request", payload, sha: "d".repeat(40) },
      run: { id },
      files: { "verdict.json": JSON.stringify(verdict) },
    });
    if (played.exitCode === EXIT_CODE.bug) faults.push(`a bug of its own: ${played.log}`);
    if (played.exitCode !== 0 && played.errorCodes.length === 0) faults.push(`no code: ${played.log}`);
    return { ok: played.exitCode === 0 && played.outputs.comment !== "none", log: played.log };
  };
  const shows = (id: number) => comments().some(({ body }) => body.includes(`report of run ${id}`));

  proxy.start(seed, 6);
  for (const id of [11, 12]) {
    const { ok } = await report(id);
    if (ok && !shows(id)) faults.push(`run ${id} was green, and its report is not there`);
    if (ok && comments().length !== 1) faults.push(`run ${id} was green with ${comments().length} comments`);
  }
  proxy.stop();
  const last = await report(13);
  if (!last.ok) faults.push(`stuck: ${last.log}`);
  if (comments().length !== 1 || !shows(13)) faults.push(`in the end ${comments().length} comments`);
  return faults.map((fault) => `seed ${seed}: ${fault}\n    ${proxy.told.join("\n    ")}`);
}

test(`${SCHEDULES} seeded schedules`, async () => {
  const faults: string[] = [];
  for (let seed = 1; seed <= SCHEDULES; seed++) faults.push(...(await playSchedule(seed)));
  expect(faults.join("\n")).toBe("");
}, 600_000);
