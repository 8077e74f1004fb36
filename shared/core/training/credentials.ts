/** Which of the job's credentials a training gets: none, unless the workflow grants it. */

/** What `grant` may be. */
export const GRANTS = ["nothing", "oidc"] as const;
export type Grant = (typeof GRANTS)[number];

/** Requests tokens in the name of the workflow, for example for a role at a cloud. */
const OIDC = /^ACTIONS_ID_TOKEN_REQUEST_(?:URL|TOKEN)$/i;
/** Reach the artifacts and caches of the run. */
const RUNTIME = /^ACTIONS_(?:RUNTIME|RESULTS|CACHE|ORCHESTRATION)_/i;

/** @returns whether a variable is a credential that was not granted */
export const isWithheldCredential = (name: string, grant: Grant): boolean =>
  RUNTIME.test(name) || (OIDC.test(name) && grant !== "oidc");

/** The names of the credentials that were granted and are there. */
export const listGranted = (names: readonly string[], grant: Grant): readonly string[] =>
  grant === "oidc" ? names.filter((name) => OIDC.test(name)).toSorted() : [];
