/** Connects gate-metrics to GitHub, the workspace and its git. */
import type { Connect } from "../../shared/action/run-action.ts";
import { findBaseline } from "../../shared/adapters/baseline/find-baseline.ts";
import { findSubject } from "../../shared/adapters/baseline/find-subject.ts";
import { createFiles } from "../../shared/adapters/files/create-files.ts";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { createGit } from "../../shared/adapters/git/git.ts";
import { createGitHub } from "../../shared/adapters/github/client.ts";
import { readTrustedPolicy } from "../../shared/adapters/github/trusted-policy.ts";
import { canonicalJson } from "../../shared/records/canonical.ts";
import { readEvidence } from "./read-evidence.ts";
import type { Ports } from "./run.ts";
import type { spec } from "./spec.ts";

export const connect: Connect<typeof spec, Ports> = ({ inputs, context, log, signal }) => {
  const github = createGitHub({ token: inputs.token, context, log, signal });
  const files = createFiles(context.workspace);
  const git = createGit(context.workspace, signal);
  const repository = `${context.urls.server}/${context.repository}`;
  return {
    async policy() {
      const { policy: rules, path, ref, digest, notes } = await readTrustedPolicy(github, context);
      return { rules, policy: { path, ref, digest }, notes: [...notes] };
    },
    subject: (trusted) => findSubject(github, context, trusted),
    evidence: (metrics, dataReport) => readEvidence(files, git, metrics, dataReport),
    async baseline(subject) {
      if (inputs.baseline === "none") return { kind: "missing", reason: "the input baseline is none" };
      return findBaseline(github, subject, { artifact: inputs["baseline-artifact"], firstRun: inputs["first-run"] });
    },
    digest: (value) => digestOf(canonicalJson(value)),
    writeRecord: (verdict) => files.write(inputs.record, `${JSON.stringify(verdict, null, 2)}\n`),
    pages: { run: `${repository}/actions/runs/${context.run.id}`, repository },
  };
};
