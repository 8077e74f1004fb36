/** The fixture: a team, its repository with the example and the templates, its GPU runner, and a release of the actions. */
import { type LocalGitHub, type Person, startLocalGitHub } from "@mlops-actions/localhub";
import { PUBLISHER, readExample, readReleasedActions, readTemplates } from "./example-files.ts";

export interface StoryFixture extends AsyncDisposable {
  readonly github: LocalGitHub;
  /** Develops the model. */
  readonly alice: Person;
  /** Approves promotions to production, as alice does. */
  readonly carol: Person;
  /** Owns the repository. */
  readonly owner: Person;
}

const INITIAL_ROWS = 19_000;

/** The repository is still without the example: call `pushExample`. */
export async function createFixture(options: { readonly port?: number } = {}): Promise<StoryFixture> {
  const github = await startLocalGitHub({
    repository: `${PUBLISHER}/visits`,
    people: { alice: "write", carol: "write" },
    runners: [{ name: "gpu-1", labels: ["gpu"] }],
    environments: {
      staging: { branches: ["main"] },
      production: {
        reviewers: ["alice", "carol"],
        preventSelfReview: true,
        branches: ["main"],
        adminsCanBypass: false,
      },
    },
    ...options,
  });
  await publishActions(github);
  return {
    github,
    owner: github,
    alice: github.as("alice"),
    carol: github.as("carol"),
    [Symbol.asyncDispose]: () => github.close(),
  };
}

/** The repository `mlops-actions` at a release: the bundles, and the tag that workflows use. */
async function publishActions(github: LocalGitHub): Promise<void> {
  const { git } = await github.addRepository(`${PUBLISHER}/mlops-actions`, { files: readReleasedActions() });
  const sha = await git.resolve("refs/heads/main");
  await github.request("POST /repos/{owner}/{repo}/git/refs", { repo: "mlops-actions", ref: "refs/tags/v1", sha });
}

/** Pushes the example without the last of its rows, then the templates, and makes the gate a required check of main. */
export async function pushExample({ github, owner }: StoryFixture): Promise<void> {
  const files = readExample("visits");
  const first = (files["data/visits.csv"] ?? "").split("\n", INITIAL_ROWS + 1).join("\n");
  await owner.push({ files: { ...files, "data/visits.csv": `${first}\n` }, message: "Predict doctor visits" });
  await owner.push({ files: readTemplates(), message: "Add the workflows of mlops-actions" });
  await owner.request("PUT /repos/{owner}/{repo}/branches/{branch}/protection", {
    branch: github.repository.defaultBranch,
    required_status_checks: { strict: false, contexts: ["gate"] },
    enforce_admins: true,
    required_pull_request_reviews: null,
    restrictions: null,
  });
  await github.waitUntilIdle();
}
