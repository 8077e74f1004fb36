/** What a workflow lets others run, or reach. */
import { listSuiteSteps } from "../facts.ts";
import { type DoctorRule, finding } from "../finding.ts";
import type { Job, Mapping, Workflow } from "../workflow.ts";

/** Texts that anybody can choose. */
const UNTRUSTED =
  /\$\{\{[^}]*(?:github\.head_ref|github\.event\.(?:pull_request\.(?:title|body|head\.(?:ref|label|repo\.\w+))|issue\.(?:title|body)|comment\.body|review\.body|review_comment\.body|discussion\.(?:title|body)|head_commit\.(?:message|author\.\w+)|commits[^}]*|workflow_run\.(?:head_branch|display_title|head_commit\.\w+)|pages[^}]*))[^}]*\}\}/;

const injection: DoctorRule = ({ workflows }) =>
  workflows.flatMap((workflow) =>
    workflow.jobs.flatMap((job) =>
      job.steps.flatMap((step) => {
        const script =
          step.run ?? (/^actions\/github-script@/.test(step.uses ?? "") ? String(step.with["script"] ?? "") : "");
        const [found] = UNTRUSTED.exec(script) ?? [];
        if (found === undefined) return [];
        return [
          finding("error", {
            code: "doctor-script-injection",
            message: `${found} is put into a script, and whoever chooses that text chooses what is run`,
            place: step.place,
            fix: 'Hand it over by "env:", and use the variable in the script, in quotes',
          }),
        ];
      }),
    ),
  );

const isSelfHosted = ({ runsOn }: Job): boolean => runsOn.includes("self-hosted");

const guardsForks = (condition: string): boolean =>
  /head\.repo\.(?:full_name|fork|id)|head_repository|author_association/.test(condition);

/** A fork's pull request runs the fork's code. */
const forkOnOwnMachine: DoctorRule = ({ workflows, settings }) =>
  workflows
    .filter(({ on }) => on.has("pull_request") || on.has("pull_request_target"))
    .flatMap((workflow) =>
      workflow.jobs
        .filter((job) => isSelfHosted(job) && !guardsForks(job.condition ?? ""))
        .map((job) =>
          finding(settings?.isPrivate === true ? "warning" : "error", {
            code: "doctor-fork-on-own-runner",
            message: `the job "${job.id}" runs pull requests of forks on a runner of yours`,
            place: job.place,
            fix: 'Write "if: github.event.pull_request.head.repo.full_name == github.repository" there, or start the training by dispatch-training',
          }),
        ),
    );

const keptCredentials: DoctorRule = (facts) =>
  listSuiteSteps(facts)
    .filter(({ action }) => action === "train-model")
    .flatMap(({ job }) =>
      job.steps
        .filter(
          ({ uses = "", with: inputs }) =>
            /^actions\/checkout@/.test(uses) && String(inputs["persist-credentials"] ?? "true") !== "false",
        )
        .map((step) =>
          finding("warning", {
            code: "doctor-kept-credentials",
            message: "the checkout leaves the job's token in the git configuration, where the training can read it",
            place: step.place,
            fix: 'Write "persist-credentials: false" in its "with:"',
          }),
        ),
    );

const inherited: DoctorRule = ({ workflows }) =>
  workflows.flatMap(({ jobs }) =>
    jobs
      .filter(({ inheritsSecrets }) => inheritsSecrets)
      .map((job) =>
        finding("warning", {
          code: "doctor-secrets-inherit",
          message: `the job "${job.id}" hands every secret of the repository to ${job.uses ?? "another workflow"}`,
          place: job.place,
          fix: "Name the secrets that it needs under secrets:",
        }),
      ),
  );

const isPinned = (uses: string): boolean =>
  /@[0-9a-f]{40}$/.test(uses) || uses.startsWith("./") || uses.startsWith("docker://");

/** A tag can be moved to other code, and the job's token with it. Said once: a repository does it everywhere or nowhere. */
const unpinned: DoctorRule = ({ workflows }) => {
  const steps = workflows.flatMap((workflow) =>
    workflow.jobs
      .filter((job) => mayWrite(job, workflow))
      .flatMap(({ steps: list }) => list.filter(({ uses }) => uses !== undefined && !isPinned(uses))),
  );
  const [first, ...others] = steps;
  if (first === undefined) return [];
  const more = others.length === 0 ? "" : `, and ${others.length} more like it,`;
  return [
    finding("note", {
      code: "doctor-unpinned-action",
      message: `${first.uses}${more} is named by a tag, which can be moved to other code, in a job whose token may write`,
      place: first.place,
      fix: "Name it by the full SHA of the release, with the version as a comment behind it",
    }),
  ];
};

const mayWrite = (job: Job, workflow: Workflow): boolean => {
  const permissions = job.permissions ?? workflow.permissions;
  if (permissions === undefined || typeof permissions === "string") return permissions !== "read-all";
  return Object.values(permissions).includes("write");
};

const UNSAFE: Readonly<Record<string, (value: string) => boolean>> = {
  actions_allow_unsecure_commands: (value) => /^(?:true|1|\$\{\{)/i.test(value),
  node_tls_reject_unauthorized: (value) => value === "0",
};

const unsafeEnvironment: DoctorRule = ({ workflows }) =>
  workflows.flatMap((workflow) => [
    ...unsafe(workflow.env, workflow),
    ...workflow.jobs.flatMap((job) => [
      ...unsafe(job.env, job),
      ...job.steps.flatMap((step) => unsafe(step.env, step)),
    ]),
  ]);

function unsafe(env: Mapping, at: Workflow | Pick<Job, "place">): ReturnType<DoctorRule> {
  return Object.entries(env)
    .filter(([name, value]) => UNSAFE[name.toLowerCase()]?.(String(value)) ?? false)
    .map(([name]) =>
      finding("error", {
        code: "doctor-unsafe-variable",
        message: `${name} lets others decide: commands in a log, or a server that only claims to be GitHub`,
        place: "placeOf" in at ? at.placeOf(["env", name]) : at.place,
        fix: `Remove ${name}; for a server with its own authority, set NODE_EXTRA_CA_CERTS`,
      }),
    );
}

/** GitHub ends the job, and the training has no time to save. */
const shortJob: DoctorRule = (facts) =>
  listSuiteSteps(facts)
    .filter(({ action }) => action === "train-model")
    .flatMap(({ job, step }) => {
      const timeout = toMinutes(String(step.with["timeout"] ?? DEFAULT_TIMEOUT));
      const limit = job.timeoutMinutes ?? 360;
      if (timeout === undefined || timeout < limit) return [];
      return [
        finding("warning", {
          code: "doctor-job-shorter",
          message: `the job "${job.id}" ends after ${limit} minutes, before the training's own timeout: then nothing is saved or recorded`,
          place: step.place,
          fix: `Set timeout-minutes of the job to more than ${timeout}, or the timeout of the step to less than ${limit}m`,
        }),
      ];
    });

/** As train-model's own. */
const DEFAULT_TIMEOUT = "6h";

function toMinutes(text: string): number | undefined {
  const [, amount, unit] = /^(\d+)([smhd])$/.exec(text.trim()) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  return Number(amount) * ({ s: 1 / 60, m: 1, h: 60, d: 1440 }[unit] ?? 1);
}

export const RUNNER_RULES: readonly DoctorRule[] = [
  ...[injection, forkOnOwnMachine, keptCredentials, inherited, unpinned, unsafeEnvironment, shortJob],
];
