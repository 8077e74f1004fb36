/** One repository: a real bare git repository, and beside it everything GitHub keeps about it. */
import type { Git } from "../git/git.ts";
import type { ActionsState } from "./actions.ts";
import type { CheckRun, CheckSuite, CommitStatus } from "./checks.ts";
import type { Deployment, Environment } from "./deployments.ts";
import type { Account, Role, Team } from "./identity.ts";
import type { Issue, IssueComment, Label } from "./issues.ts";
import type { BranchProtection, MergeQueueEntry, Ruleset } from "./protection.ts";
import type { PullRequest } from "./pulls.ts";
import type { Attestation, Release } from "./releases.ts";

export interface Repository {
  readonly id: number;
  readonly owner: Account;
  readonly name: string;
  readonly fullName: string;
  readonly private: boolean;
  readonly description: string | null;
  readonly forkOf: Repository | undefined;
  readonly createdAt: Date;
  pushedAt: Date;
  defaultBranch: string;
  readonly git: Git;

  readonly collaborators: Map<Account, Role>;
  readonly teams: Map<Team, Role>;

  /** Issues and pull requests share one number line, as on GitHub. A pull request's issue half is here too. */
  nextNumber: number;
  readonly issues: Map<number, Issue>;
  readonly pulls: Map<number, PullRequest>;
  readonly comments: Map<number, IssueComment>;
  readonly labels: Map<string, Label>;

  readonly statuses: CommitStatus[];
  readonly checkSuites: Map<number, CheckSuite>;
  readonly checkRuns: Map<number, CheckRun>;

  readonly protections: Map<string, BranchProtection>;
  readonly rulesets: Map<number, Ruleset>;
  readonly mergeQueue: MergeQueueEntry[];

  /** By name, lower case: GitHub's environment names have no case. */
  readonly environments: Map<string, Environment>;
  readonly deployments: Map<number, Deployment>;
  readonly releases: Map<number, Release>;
  readonly attestations: Attestation[];

  readonly actions: ActionsState;
}
