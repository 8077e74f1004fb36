/** Reads from GitHub who runs, who approved, and an environment's protection rules. */
import * as z from "zod";
import type { Approvals, DeploymentReview, EnvironmentProtection } from "../../core/promotion/approvals.ts";
import { isMissingPermission } from "../../problem/problem.ts";
import type { GitHub } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";
import { readDefaultBranch } from "../github/read-default-branch.ts";

const account = z.object({ login: z.string(), id: z.int(), type: z.string() });
const workflowRun = z.object({
  id: z.int(),
  run_attempt: z.int().positive(),
  status: z.string(),
  event: z.string(),
  head_branch: z.string().nullable(),
  updated_at: z.iso.datetime({ offset: true }),
  actor: account,
  triggering_actor: account,
});
const review = z.object({
  state: z.string(),
  comment: z.string(),
  environments: z.array(z.object({ id: z.int(), name: z.string() })),
  user: account,
});
// Another type of reviewer is unknown to us, and then it is unknown who may approve.
const reviewer = z.discriminatedUnion("type", [
  z.object({ type: z.literal("User"), reviewer: z.object({ id: z.int(), login: z.string() }) }),
  z.object({ type: z.literal("Team"), reviewer: z.object({ id: z.int(), slug: z.string() }) }),
]);
const environment = z.object({
  id: z.int(),
  name: z.string(),
  protection_rules: z
    .array(
      z.object({
        ...{ type: z.string(), reviewers: z.array(reviewer).optional() },
        prevent_self_review: z.boolean().optional(),
      }),
    )
    .optional()
    .default([]),
});

const membership = z.object({ state: z.string() });

/**
 * How long after the end of a run one of its requests may still take effect: GitHub ends requests after 10 s; the rest is
 * for clocks that differ.
 */
const REQUEST_DRAIN_MS = 60_000;

/** @param members a client whose token may read the members of teams; `undefined`: there is none */
export function createApprovals(github: GitHub, members: GitHub = github): Approvals {
  return {
    defaultBranch: () => readDefaultBranch(github),

    async run(id) {
      const { data } = await github.rest.actions.getWorkflowRun({ ...github.repository, run_id: id });
      const run = parseResponse(workflowRun, data, `run ${id}`);
      return {
        id: run.id,
        attempt: run.run_attempt,
        status: run.status,
        event: run.event,
        headBranch: run.head_branch,
        updatedAt: run.updated_at,
        actor: run.actor,
        triggeringActor: run.triggering_actor,
      };
    },

    async hasEnded({ id, attempt }) {
      const asked = { ...github.repository, run_id: id, attempt_number: attempt };
      const response = await github.find(() => github.rest.actions.getWorkflowRunAttempt(asked));
      // Old runs are deleted: a deleted run writes nothing.
      if (response === undefined) return true;
      const run = parseResponse(workflowRun, response, `run ${id}`);
      return run.status === "completed" && github.now() - Date.parse(run.updated_at) > REQUEST_DRAIN_MS;
    },

    async reviews(run) {
      const reviews = await github.readAll(github.rest.actions.getReviewsForRun, { ...github.repository, run_id: run });
      return reviews.map((item) => parseResponse(review, item, "a review") satisfies DeploymentReview);
    },

    async isTeamMember(team, login) {
      const { owner: org } = github.repository;
      const { getMembershipForUserInOrg } = members.rest.teams;
      try {
        const asked = { org, team_slug: team, username: login };
        const response = await members.find(() => getMembershipForUserInOrg(asked));
        if (response !== undefined)
          return parseResponse(membership, response, `${login} in the team ${team}`).state === "active";
        // Nobody may see who is in a team without a right to: then GitHub calls the team itself missing.
        const found = await members.find(() => members.rest.teams.getByName({ org, team_slug: team }));
        return found === undefined ? undefined : false;
      } catch (error) {
        if (isMissingPermission(error)) return undefined;
        throw error;
      }
    },

    async environment(name) {
      const asked = { ...github.repository, environment_name: name };
      const response = await github.find(() => github.rest.repos.getEnvironment(asked));
      if (response === undefined) return undefined;
      const found = parseResponse(environment, response, `the environment ${name}`);
      const rules = found.protection_rules.filter(({ type }) => type === "required_reviewers");
      return {
        id: found.id,
        name: found.name,
        preventsSelfReview: rules.some((rule) => rule.prevent_self_review === true),
        reviewers: rules
          .flatMap((rule) => rule.reviewers ?? [])
          .map((entry) => ({
            type: entry.type,
            id: entry.reviewer.id,
            login: "login" in entry.reviewer ? entry.reviewer.login : entry.reviewer.slug,
          })),
      } satisfies EnvironmentProtection;
    },
  };
}
