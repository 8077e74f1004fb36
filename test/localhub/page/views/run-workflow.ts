/** Forms to start workflows by hand: the branch, and the inputs that each declares. */

import type { DispatchForm, DispatchInput } from "../../workflows/service.ts";
import type { Repository } from "../../world/repository.ts";
import { type Html, html } from "../html.ts";

/** What the names of the fields of inputs begin with. */
export const INPUT_FIELD = "input.";

/** @param branches names, the default branch first */
export function runWorkflowForms(
  repository: Repository,
  forms: readonly DispatchForm[],
  branches: readonly string[],
): Html | false {
  if (forms.length === 0) return false;
  return html`<section class="run-workflow"><h2>Run a workflow</h2>${forms.map(
    ({
      workflow,
      inputs,
    }) => html`<details><summary>${workflow.name !== workflow.path && html`${workflow.name} `}<code>${workflow.path}</code></summary>
<form class="fields" method="post" action="/-/act/${repository.fullName}/workflows/${workflow.id}/dispatch">
${labelled("Branch", "", html`<select name="ref">${branches.map((name) => html`<option>${name}</option>`)}</select>`)}
${inputs.map((input) => labelled(input.name, input.description, inputField(input)))}
<button class="primary">Run workflow</button></form></details>`,
  )}</section>`;
}

const labelled = (name: string, description: string, field: Html): Html =>
  html`<label><span>${name}${description !== "" && html` <span class="muted">${description}</span>`}</span>${field}</label>`;

function inputField({ name, type, required, initial, options }: DispatchInput): Html {
  const field = INPUT_FIELD + name;
  const must = required ? html` required` : "";
  if (type === "boolean") {
    const checked = initial === "true" ? html` checked` : "";
    // An unchecked box is not sent: the hidden field says false.
    return html`<span><input type="hidden" name="${field}" value="false"><input type="checkbox" name="${field}" value="true"${checked}></span>`;
  }
  if (type === "choice" || type === "environment") {
    const chosen = (option: string): Html | string => (option === initial ? html` selected` : "");
    return html`<select name="${field}"${must}>${options.map((option) => html`<option${chosen(option)}>${option}</option>`)}</select>`;
  }
  return html`<input name="${field}" value="${initial}"${type === "number" ? html` inputmode="decimal"` : ""}${must}>`;
}
