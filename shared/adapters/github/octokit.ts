/** Octokit, as this room uses it: GitHub's typed endpoints and their pages. Whoever starts the process chooses the package. */
import type { Octokit as OctokitRest } from "@octokit/rest";

export type Octokit = Pick<OctokitRest, "rest" | "paginate" | "hook">;

export interface OctokitOptions {
  readonly baseUrl: string;
  readonly userAgent: string;
  readonly log: Record<"debug" | "info" | "warn" | "error", (message: string) => void>;
  readonly request: { readonly fetch: typeof fetch };
}

export type GetOctokit = (token: string, options: OctokitOptions) => Octokit;
