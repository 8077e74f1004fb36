/** What GitHub's settings make of the gate: whether it is required at all, and who can go around it. */
import { judgesByStatus, judgesChanges, listDecidingSteps, type RepositoryFacts } from "../facts.ts";
import { type DoctorRule, finding } from "../finding.ts";
import type { BranchRule } from "../settings.ts";
import { at, whenKnown } from "./when-known.ts";

/** The id of GitHub Actions as an app, on github.com. */
const GITHUB_ACTIONS = 15368;

const ENFORCE = "see docs/how-to/enforce-the-gate.md";

const checksOf = (rules: readonly BranchRule[]) => rules.flatMap(({ requiredChecks }) => requiredChecks);

/** A reusable workflow's and a matrix's checks have longer names. */
const isCheckOf = (context: string, job: string): boolean =>
  context === job || context.endsWith(` / ${job}`) || context.startsWith(`${job} (`);

/** What a merge must wait for: names of jobs, and for training on demand the name of its commit status. */
function listChecks(facts: RepositoryFacts): readonly string[] {
  const models = facts.policy.kind === "valid" ? facts.policy.rules.models : [];
  // Each of several models has a status of its own.
  const known = models.flatMap(({ train }) => train?.["on-demand"]?.status ?? []);
  const statuses = known.length === 0 ? ["mlops/gate"] : known;
  return [...new Set(listDecidingSteps(facts).flatMap((each) => (judgesByStatus(each) ? statuses : [each.job.name])))];
}

const notRequired = whenKnown((settings, facts) => {
  const { rules, defaultBranch } = settings;
  if (rules === undefined || rules.some(({ type }) => type === "workflows")) return [];
  const jobs = listChecks(facts);
  const required = checksOf(rules).map(({ context }) => context);
  const open = jobs.filter((job) => !required.some((context) => isCheckOf(context, job)));
  return open.map((job) =>
    finding("error", {
      code: "doctor-check-not-required",
      message: `${defaultBranch} does not require the check "${job}": a change can be merged although the gate is closed`,
      ...at(settings, "rules"),
      fix: `Require it by a ruleset; the command stands in docs/how-to/enforce-the-gate.md: gh api -X POST repos/${settings.repository}/rulesets --input ruleset.json`,
    }),
  );
});

const unbound = whenKnown((settings, facts) => {
  const jobs = listChecks(facts);
  return checksOf(settings.rules ?? [])
    .filter(({ context, app }) => app === undefined && jobs.some((job) => isCheckOf(context, job)))
    .map(({ context }) =>
      finding("warning", {
        code: "doctor-check-unbound",
        message: `any app, and anybody who may write statuses, can post the required check "${context}"`,
        ...at(settings, "rules"),
        fix: `Bind it to GitHub Actions: "integration_id": ${GITHUB_ACTIONS} in the ruleset`,
      }),
    );
});

const unknownCheck = whenKnown((settings, facts) => {
  const jobs = facts.workflows.filter(judgesChanges).flatMap((workflow) => workflow.jobs);
  // An expression in a name, or a workflow of another repository, may become anything.
  if (jobs.some(({ name, uses }) => name.includes("${{") || uses !== undefined)) return [];
  return (
    checksOf(settings.rules ?? [])
      .filter(({ app }) => app === GITHUB_ACTIONS)
      .filter(({ context }) => !jobs.some(({ name }) => isCheckOf(context, name)))
      // The commit status of trainings on demand is that of no job.
      .filter(({ context }) => !listChecks(facts).includes(context))
      .map(({ context }) =>
        finding("error", {
          code: "doctor-check-unknown",
          message: `the check "${context}" is required, and no job of a pull request's workflows is called so: every change waits for it`,
          ...at(settings, "rules"),
          fix: "Require the name of the job that judges, or rename the job back",
        }),
      )
  );
});

const codeOwnerReview = whenKnown((settings) => {
  const { rules } = settings;
  if (rules === undefined || rules.some(({ requiresCodeOwners }) => requiresCodeOwners)) return [];
  return [
    finding("warning", {
      code: "doctor-owner-review",
      message: "changes need no review of code owners: a pull request can edit the workflow that judges it",
      ...at(settings, "rules"),
      fix: `Set require_code_owner_review in the ruleset; ${ENFORCE}`,
    }),
  ];
});

const rewritten = whenKnown((settings) => {
  const { rules, defaultBranch } = settings;
  if (rules === undefined || rules.some(({ type }) => type === "non_fast_forward")) return [];
  return [
    finding("warning", {
      code: "doctor-force-push",
      message: `${defaultBranch} can be rewritten by a force-push, and with it the policy that judged earlier changes`,
      ...at(settings, "rules"),
      fix: 'Add { "type": "non_fast_forward" } and { "type": "deletion" } to the ruleset',
    }),
  ];
});

const ledgers = whenKnown((settings) =>
  [...settings.ledgerRules]
    .filter(([, rules]) => !rules.some(({ type }) => type === "non_fast_forward"))
    .map(([branch]) =>
      finding("warning", {
        code: "doctor-ledger-unprotected",
        message: `whoever may write can rewrite the ledger ${branch}`,
        ...at(settings, "rules"),
        fix: `Add a ruleset for ${branch} with non_fast_forward and deletion, without anybody to bypass it`,
      }),
    ),
);

const tags = whenKnown((settings, facts) => {
  const { protectedTags } = settings;
  if (protectedTags === undefined || facts.policy.kind !== "valid") return [];
  const names = facts.policy.rules.models.flatMap(({ model }) => (model === null ? [] : [model.name]));
  return names
    .filter((name) => !protectedTags.some((pattern) => covers(pattern, `refs/tags/${name}@v1.0.0`)))
    .map((name) =>
      finding("warning", {
        code: "doctor-tags-unprotected",
        message: `whoever may write can move or delete the versions of ${name}, which are tags`,
        ...at(settings, "rules"),
        fix: `Add a ruleset for the tags ${name}@* and ${name}#* with update and deletion`,
      }),
    );
});

const covers = (pattern: string, ref: string): boolean =>
  pattern === "~ALL" ||
  new RegExp(
    `^${pattern
      .split(/(\*\*\/?|\*|\?)/)
      .map((part) =>
        part.startsWith("**")
          ? ".*"
          : part === "*"
            ? "[^/]*"
            : part === "?"
              ? "[^/]"
              : part.replaceAll(/[.+^${}()|\\[\]]/g, "\\$&"),
      )
      .join("")}$`,
  ).test(ref);

const tokens = whenKnown((settings) => {
  const { defaultPermissions } = settings;
  return [
    ...(defaultPermissions?.mayWrite === true
      ? [
          finding("warning", {
            code: "doctor-default-token",
            message: "a job that does not say what its token may do gets one that may write everything",
            ...at(settings, "actions"),
            fix: `gh api -X PUT repos/${settings.repository}/actions/permissions/workflow -f default_workflow_permissions=read`,
          }),
        ]
      : []),
    ...(defaultPermissions?.mayApprove === true
      ? [
          finding("warning", {
            code: "doctor-token-approves",
            message: "a workflow's token may approve pull requests, in the place of a person",
            ...at(settings, "actions"),
            fix: `gh api -X PUT repos/${settings.repository}/actions/permissions/workflow -F can_approve_pull_request_reviews=false`,
          }),
        ]
      : []),
  ];
});

export const SETTINGS_RULES: readonly DoctorRule[] = [
  ...[notRequired, unbound, unknownCheck, codeOwnerReview, rewritten, ledgers, tags, tokens],
];
