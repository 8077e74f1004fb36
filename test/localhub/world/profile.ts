/** Which GitHub is emulated: the features differ between github.com and Enterprise Server releases. */
export interface Profile {
  readonly name: "github.com" | "ghes-3.19";
  /** The prefix of API paths: empty, or `/api/v3` on Enterprise Server. */
  readonly apiPrefix: string;
  /** The `x-github-enterprise-version` header; absent on github.com. */
  readonly enterpriseVersion: string | undefined;
  /** The values of `X-GitHub-Api-Version` that are served; the first is the default. */
  readonly apiVersions: readonly string[];
  /** How many inputs `workflow_dispatch` accepts. */
  readonly dispatchInputs: number;
  /** `return_run_details` is supported; where it is not, the field is an error and the response is always 204. */
  readonly dispatchReturnsRun: boolean;
  readonly concurrencyGroups: boolean;
  readonly attestations: boolean;
  /** Artifact v4 and cache v2 services. */
  readonly resultsService: boolean;
  readonly rateLimits: boolean;
}

const GITHUB_COM: Profile = {
  name: "github.com",
  apiPrefix: "",
  enterpriseVersion: undefined,
  apiVersions: ["2022-11-28", "2026-03-10"],
  dispatchInputs: 25,
  dispatchReturnsRun: true,
  concurrencyGroups: true,
  attestations: true,
  resultsService: true,
  rateLimits: true,
};

export const GHES: Profile = {
  name: "ghes-3.19",
  apiPrefix: "/api/v3",
  enterpriseVersion: "3.19.0",
  apiVersions: ["2022-11-28"],
  dispatchInputs: 10,
  dispatchReturnsRun: false,
  concurrencyGroups: false,
  attestations: false,
  resultsService: false,
  rateLimits: false,
};

export const PROFILES = { "github.com": GITHUB_COM, "ghes-3.19": GHES } as const;
export type ProfileName = keyof typeof PROFILES;
