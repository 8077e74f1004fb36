/** Connects dispatch-training to GitHub and the workspace. */
import { randomUUID } from "node:crypto";
import type { Connect } from "../../shared/action/run-action.ts";
import { findCallee } from "../../shared/adapters/dispatch/callee.ts";
import { cancelRun, endRun, lookAtRun, whyWaiting } from "../../shared/adapters/dispatch/followed-run.ts";
import { fetchLeftRecord } from "../../shared/adapters/dispatch/left-record.ts";
import { findStarted, startRun } from "../../shared/adapters/dispatch/start-run.ts";
import { createFiles } from "../../shared/adapters/files/create-files.ts";
import { createGitHub } from "../../shared/adapters/github/client.ts";
import { realTime, type Time } from "../../shared/adapters/github/time.ts";
import type { Ports } from "./run.ts";
import type { spec } from "./spec.ts";

/** Of the 5 minutes a cancelled job has for its post steps, the rest is for what comes after this one. */
const LONGEST_GRACE = 240_000;

/** @param time tests bring one that passes faster */
export const connectWith =
  (time: Time): Connect<typeof spec, Ports> =>
  ({ inputs, context, log, signal }) => {
    const github = createGitHub({ token: inputs.token, context, log, signal, time });
    // A cancellation stops every other request, but not the one that hands it on.
    const atTheEnd = createGitHub({ token: inputs.token, context, log, signal: new AbortController().signal, time });
    const files = createFiles(context.workspace);
    return {
      callee: () => findCallee(github, inputs.workflow, inputs.ref),
      newRequest: randomUUID,
      start: (callee, passed, request) =>
        startRun(github, { callee, inputs: passed, request, today: new Date() }, time),
      look: (run) => lookAtRun(github, run),
      whyWaiting: (run, state) => whyWaiting(github, run, state, Date.now()),
      fetchRecord: (id, attempt) => fetchLeftRecord(github, { id, attempt }, inputs.artifact),
      writeRecord: (text) => files.write(inputs.record, text),
      cancel: (run) => cancelRun(atTheEnd, run),
      findLost: ({ workflow, ref, request }) =>
        findStarted(atTheEnd, { callee: { id: workflow, ref, path: inputs.workflow }, request, today: new Date() }),
      end: (run) => endRun(atTheEnd, run, Math.min(inputs.grace, LONGEST_GRACE), time),
      now: time.now,
      sleep: time.sleep,
    };
  };

export const connect = connectWith(realTime);
