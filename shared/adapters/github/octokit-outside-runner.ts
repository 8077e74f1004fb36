/** Octokit for what runs outside a runner. An action takes it from GitHub's toolkit instead: `shared/action/load-octokit.ts`. */
import { Octokit } from "@octokit/rest";
import type { GetOctokit } from "./octokit.ts";

export const getOctokit: GetOctokit = (token, options) => new Octokit({ auth: token, ...options });
