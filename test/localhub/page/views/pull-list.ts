import type { Repository } from "../../world/repository.ts";
import { type Html, html } from "../html.ts";
import { timeElement, titleText } from "../layout.ts";

/** Pull requests, newest first. */
export function pullList(repository: Repository, which: "open" | "all"): Html {
  const pulls = [...repository.pulls.values()]
    .filter((pull) => which === "all" || repository.issues.get(pull.number)?.state === "open")
    .sort((a, b) => b.number - a.number);
  if (pulls.length === 0) return html`<p class="empty">None.</p>`;
  return html`<ul class="rows">${pulls.map((pull) => {
    const issue = repository.issues.get(pull.number);
    if (issue === undefined) return "";
    const state = pull.merged ? "merged" : issue.state;
    return html`<li><span class="pill ${state}">${state}</span>
  <a href="/${repository.fullName}/pull/${pull.number}">${titleText(issue.title)}</a>
  <span class="muted">#${pull.number} by ${issue.author.login}, ${timeElement(issue.createdAt)}</span></li>`;
  })}</ul>`;
}
