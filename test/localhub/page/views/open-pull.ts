/** A form to open a pull request from a branch that has commits the default branch lacks. */
import type { Repository } from "../../world/repository.ts";
import { type Html, html } from "../html.ts";

/** @param heads names of such branches without an open pull request */
export function openPullForm(repository: Repository, heads: readonly string[]): Html | false {
  if (heads.length === 0) return false;
  return html`<section><h2>Open a pull request</h2>
<form class="fields" method="post" action="/-/act/${repository.fullName}/pulls/new">
<label><span>From</span><select name="head">${heads.map((name) => html`<option>${name}</option>`)}</select></label>
<label><span>Into</span><select name="base"><option>${repository.defaultBranch}</option></select></label>
<label><span>Title</span><input name="title" required></label>
<button class="primary">Open pull request</button></form></section>`;
}

/** The branches that can be merged into the default branch, and are not proposed yet. */
export async function findProposableBranches(repository: Repository): Promise<readonly string[]> {
  const { git, defaultBranch } = repository;
  const base = await git.resolve(`refs/heads/${defaultBranch}`);
  if (base === undefined) return [];
  const open = [...repository.pulls.values()].filter(({ number }) => repository.issues.get(number)?.state === "open");
  const proposed = new Set(open.filter(({ head }) => head === repository).map(({ headRef }) => headRef));
  const found = await Promise.all(
    (await git.refs("refs/heads/")).map(async ({ name, sha }) => {
      const branch = name.replace("refs/heads/", "");
      if (branch === defaultBranch || proposed.has(branch)) return [];
      const isRelated = (await git.mergeBase(base, sha)) !== undefined;
      return isRelated && !(await git.isAncestor(sha, base)) ? [branch] : [];
    }),
  );
  return found.flat();
}
