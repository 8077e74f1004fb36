/** The layout around every view: title, tabs, current user. */
import type { Account } from "../world/identity.ts";
import type { Repository } from "../world/repository.ts";
import { type Html, html } from "./html.ts";

export interface LayoutProps {
  readonly title: string;
  readonly repository?: Repository;
  /** The tab that is open. */
  readonly tab?: "pulls" | "actions" | "deployments" | "code";
  /** The users a visitor may act as, and the chosen one. */
  readonly people: readonly Account[];
  readonly actor: Account | undefined;
  /** The current path, to return to after choosing a user. */
  readonly currentPath: string;
}

const TABS = [
  ["code", "", "Overview"],
  ["pulls", "/pulls", "Pull requests"],
  ["actions", "/actions", "Actions"],
  ["deployments", "/deployments", "Deployments"],
] as const;

export function renderPage(props: LayoutProps, body: Html): string {
  const { repository } = props;
  const base = repository ? `/${repository.fullName}` : "";
  const markup = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${props.title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/-/assets/github-markdown.css">
<link rel="stylesheet" href="/-/assets/page.css">
<script defer src="/-/assets/mermaid.js"></script>
<script defer src="/-/assets/page.js"></script>
</head>
<body>
<header class="top">
  <a class="home" href="/">local GitHub</a>
  ${repository && html`<a class="repository" href="${base}">${repository.owner.login} / <strong>${repository.name}</strong></a>`}
  <form class="acting" method="post" action="/-/act/become">
    <input type="hidden" name="back" value="${props.currentPath}">
    <label>acting as
      <select name="login">
        ${props.people.map((account) => html`<option${account === props.actor ? html` selected` : ""}>${account.login}</option>`)}
      </select>
    </label>
    <button>switch</button>
  </form>
</header>
${
  repository &&
  html`<nav class="tabs">${TABS.map(
    ([tab, path, label]) =>
      html`<a href="${base}${path}"${tab === props.tab ? html` aria-current="page"` : ""}>${label}</a>`,
  )}</nav>`
}
<main>${body}</main>
</body>
</html>`;
  return markup.html;
}

/** A time as readable text, with the exact one on hover. */
export function timeElement(date: Date): Html {
  const exact = date.toISOString();
  return html`<time datetime="${exact}" title="${exact}">${exact.slice(0, 10)} ${exact.slice(11, 19)}</time>`;
}

/** A form with one button that performs an action as the current user. */
export function actionForm(
  to: string,
  label: string,
  tone: "primary" | "danger" | "plain",
  fields: Html = html``,
): Html {
  return html`<form class="action" method="post" action="${to}">${fields}<button class="${tone}">${label}</button></form>`;
}

/** A title as GitHub shows it: text, in which only `code` is marked up. */
export function titleText(title: string): readonly Html[] {
  return title
    .split(/(`[^`]+`)/)
    .map((part) => (/^`[^`]+`$/.test(part) ? html`<code>${part.slice(1, -1)}</code>` : html`${part}`));
}
