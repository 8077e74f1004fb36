/** Octokit, as this room uses it: GitHub's typed endpoints and their pages. */
import { Octokit as OctokitRest } from "@octokit/rest";

export type Octokit = Pick<OctokitRest, "rest" | "paginate" | "hook" | "request">;

export type GetOctokit = (
  token: string,
  options: {
    readonly baseUrl: string;
    readonly userAgent: string;
    readonly log: Record<"debug" | "info" | "warn" | "error", (message: string) => void>;
    readonly request: { readonly fetch: typeof fetch };
  },
) => Octokit;

/** For what runs outside a runner. An action takes Octokit from GitHub's toolkit: `shared/action/load-octokit.ts`. */
export const getOctokit: GetOctokit = (token, options) => new OctokitRest({ auth: token, ...options });
