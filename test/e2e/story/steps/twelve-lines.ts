/** The twelve lines of the README in a repository that has nothing else of ours, and the first rule. */
import { readFileSync } from "node:fs";
import type { LocalGitHub, Person } from "@mlops-actions/localhub";
import { cappedVisits } from "../changes.ts";
import { PUBLISHER, type RepositoryFiles, readExample } from "../example-files.ts";
import { expectJobs, listComments } from "../observe.ts";
import type { StoryFixture } from "../story-fixture.ts";
import { done, note, StoryError, type StoryStep, type StoryView, stopped } from "../story-step.ts";
import { waitForRunOfCommit } from "../wait-for-run.ts";

const POLICY_PATH = ".github/mlops.yml";
const readme = readFileSync(new URL("../../../../README.md", import.meta.url), "utf8");
const [workflow = "", policy = ""] = [...readme.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text]) => text ?? "");

interface FirstRepository {
  readonly github: LocalGitHub;
  readonly alice: Person;
}

/** @returns the repository in which it goes on */
export async function pasteTwelveLines(fixture: StoryFixture): Promise<StoryStep & FirstRepository> {
  const repository = await fixture.github.addRepository(`${PUBLISHER}/first`, { files: readModel() });
  const github = lookAt(fixture.github, repository);
  const alice = fixture.owner.inRepository(repository);
  const command = "pip install -r requirements.txt && python train.py";
  const pasted = workflow.replaceAll("OWNER/", `${PUBLISHER}/`).replace(command, "node train.mjs");
  const files = { ".github/workflows/model.yml": pasted };
  const views = await propose(github, alice, "measure", { files, title: "Measure the model" }, "success");
  const merged = await alice.merge(1);
  expectJobs(github, await waitForRunOfCommit(github, "model.yml", merged), { model: "success" });
  return {
    title: "Twelve lines are pasted into a repository",
    lines: [
      note("acme/first has a training script and nothing else; its first pull request adds the README's twelve lines"),
      done("it is green, and its comment has the numbers, without any set-up"),
      done("merged, they are the baseline of the next pull request"),
    ],
    views,
    ...{ github, alice },
  };
}

export async function addFirstRule({ github, alice }: FirstRepository): Promise<StoryStep> {
  const capped = { files: cappedVisits(), title: "Cap visits at four" };
  const before = await propose(github, alice, "cap", capped, "success");
  const ruled = await alice.push({ files: { [POLICY_PATH]: policy }, message: "Gate the error, also of the poor" });
  expectJobs(github, await waitForRunOfCommit(github, "model.yml", ruled), { model: "success" });
  const again = await alice.push({ branch: "cap", files: { "NOTES.md": "Capped at four\n" } });
  expectJobs(github, await waitForRunOfCommit(github, "model.yml", again), { model: "failure" });
  return {
    title: "The next pull request shows the difference, and the first rule makes it a gate",
    lines: [
      done(
        "a change that is better on average and worse for people in poor health: the comment shows both, and is green",
      ),
      note("six lines of policy on main say what may not get worse"),
      stopped("at the next push the same comment says no, and the step fails"),
    ],
    views: [...before, ...commentsOf(github, 2)],
  };
}

/** The example without our files. */
function readModel(): RepositoryFiles {
  const ours = (path: string): boolean => path === POLICY_PATH || path.startsWith("contracts/");
  return Object.fromEntries(Object.entries(readExample("visits")).filter(([path]) => !ours(path)));
}

async function propose(
  github: LocalGitHub,
  author: Person,
  branch: string,
  { files, title }: { readonly files: RepositoryFiles; readonly title: string },
  end: string,
): Promise<readonly StoryView[]> {
  const pushed = await author.push({ branch, files, message: title });
  const { number } = await author.openPullRequest({ head: branch, title });
  expectJobs(github, await waitForRunOfCommit(github, "model.yml", pushed), { model: end });
  return commentsOf(github, number);
}

function commentsOf(github: LocalGitHub, number: number): readonly StoryView[] {
  const pull = github.repository.pulls.get(number);
  if (pull === undefined) throw new StoryError(`there is no pull request ${number}`);
  return listComments(github, pull).map((comment) => ({ kind: "comment" as const, ...comment }));
}

/** The same local GitHub, from another repository of it. */
const lookAt = (github: LocalGitHub, repository: LocalGitHub["repository"]): LocalGitHub => ({
  ...github,
  repository,
  runs: ({ workflow, event } = {}) =>
    [...repository.actions.runs.values()].filter(
      (run) =>
        (workflow === undefined || run.workflow.path.endsWith(`/${workflow}`)) &&
        (event === undefined || run.event === event),
    ),
});
