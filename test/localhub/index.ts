/** The local GitHub as a library. Its README starts with five lines that use it. */
export { type LocalGitHub, startLocalGitHub } from "./surface/local-github.ts";
export type { EnvironmentOptions, LocalGitHubOptions, ProtectionOptions, RunnerOptions } from "./surface/options.ts";
export type { NewPullRequest, Person, Push, RunOptions } from "./surface/person.ts";
export type { PullRequest, WorkflowRun } from "./world/repository.ts";
