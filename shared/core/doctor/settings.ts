/** Settings of a repository as GitHub's API shows them. `undefined`: the token may not see it. */

export interface RepositorySettings {
  /** `owner/name` */
  readonly repository: string;
  readonly defaultBranch: string;
  readonly isPrivate: boolean;
  /** What rules, also of the organisation, say about the default branch. */
  readonly rules: readonly BranchRule[] | undefined;
  /** The same about the branch of each model's ledger. */
  readonly ledgerRules: ReadonlyMap<string, readonly BranchRule[]>;
  /** Patterns of the tags that rulesets protect against changes. */
  readonly protectedTags: readonly string[] | undefined;
  /** By name in lower case. */
  readonly environments: ReadonlyMap<string, EnvironmentSettings> | undefined;
  readonly defaultPermissions: { readonly mayWrite: boolean; readonly mayApprove: boolean } | undefined;
}

export interface BranchRule {
  /** As GitHub calls it, for example `required_status_checks`. */
  readonly type: string;
  readonly requiredChecks: readonly RequiredCheck[];
  readonly requiresCodeOwners: boolean;
}

export interface RequiredCheck {
  readonly context: string;
  /** Id of the app that must post it; `undefined`: any. */
  readonly app: number | undefined;
}

export interface EnvironmentSettings {
  readonly name: string;
  readonly reviewers: number;
  readonly preventsSelfReview: boolean;
  readonly adminsMayBypass: boolean;
  readonly hasBranchPolicy: boolean;
}
