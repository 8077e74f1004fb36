/** Whether an event asks for the training of a pull request: by a label, or by a comment. Its text is data. */
import * as z from "zod";
import type { Train2 } from "../policy/policy-2-train.ts";
import type { TriggerEvent } from "../policy/trigger-event.ts";

export type OnDemand = NonNullable<Train2["on-demand"]>;

export type Demand =
  /** An event that is not about when a pull request is trained: whoever starts the job wants a training. */
  | { readonly kind: "none" }
  /** About a pull request, and nobody asks. `head`: it is new, and must be seen to wait. */
  | { readonly kind: "waits"; readonly head: string | undefined; readonly because: string }
  | AskedTraining;

export interface AskedTraining {
  readonly kind: "asked";
  readonly number: number;
  /** Who asks; to be checked. */
  readonly by: string;
  readonly how: "label" | "comment";
  /** The commit that was meant: that of the event, or what the comment names (at least seven digits). */
  readonly named: string | undefined;
}

const sha = z.string().regex(/^[0-9a-f]{40}$/);
const sender = z.object({ login: z.string().min(1) });
const pullRequestEvent = z.object({
  action: z.string(),
  pull_request: z.object({ number: z.int().positive(), head: z.object({ sha }) }),
  label: z.object({ name: z.string() }).nullish(),
  sender,
});
const commentEvent = z.object({
  action: z.string(),
  issue: z.object({ number: z.int().positive(), pull_request: z.object({}).nullish() }),
  comment: z.object({ body: z.string().nullish(), user: sender.nullable() }),
});

const NEW_HEAD: ReadonlySet<string> = new Set(["opened", "reopened", "synchronize", "ready_for_review"]);

/** The word that asks; a policy that names neither a label nor a comment means the usual one. */
export const wordOf = ({ comment, label }: OnDemand): string | undefined =>
  comment ?? (label === undefined ? "/train" : undefined);

/** What somebody has to do, for people. */
export function describeWait(rules: OnDemand): string {
  const word = wordOf(rules);
  const label = rules.label === undefined ? [] : [`the label ${rules.label}`];
  return `waiting for ${[...(word === undefined ? [] : [word]), ...label].join(" or ")}`;
}

/** Only in a workflow of the default branch: on `pull_request` a change could edit the job that asks. */
export function readDemand({ name, payload }: TriggerEvent["event"], rules: OnDemand): Demand {
  if (name === "pull_request_target") return readPullRequestEvent(payload, rules);
  if (name === "issue_comment") return readComment(payload, rules);
  return { kind: "none" };
}

function readPullRequestEvent(payload: unknown, rules: OnDemand): Demand {
  const event = pullRequestEvent.safeParse(payload).data;
  if (event === undefined) return waits("the event does not say which pull request it is about");
  const { action, pull_request: pull, label, sender: by } = event;
  if (action === "labeled" && rules.label !== undefined && label?.name === rules.label) {
    return { kind: "asked", number: pull.number, by: by.login, how: "label", named: pull.head.sha };
  }
  return waits(describeWait(rules), NEW_HEAD.has(action) ? pull.head.sha : undefined);
}

function readComment(payload: unknown, rules: OnDemand): Demand {
  const event = commentEvent.safeParse(payload).data;
  const word = wordOf(rules);
  if (event === undefined || event.issue.pull_request == null) return waits("it is no comment on a pull request");
  const { action, issue, comment } = event;
  const [first = ""] = (comment.body ?? "").split(/\r?\n/, 1);
  const [said, named, ...more] = first.trim().split(/\s+/);
  const names = named === undefined || /^[0-9a-f]{7,40}$/.test(named);
  if (action !== "created" || word === undefined || said !== word || comment.user === null) {
    return waits("the comment does not ask for a training");
  }
  if (!names || more.length > 0) return waits(`a comment that asks is "${word}", or "${word}" and a commit`);
  return { kind: "asked", number: issue.number, by: comment.user.login, how: "comment", named };
}

const waits = (because: string, head?: string): Demand => ({ kind: "waits", head, because });

/** What GitHub says about who asks: `permissions` of the account, as the collaborator API has them. */
export interface Asker {
  readonly login: string;
  readonly permissions: Readonly<Record<string, boolean>>;
}

/** GitHub calls the permission to write `push`. */
const PERMISSION = { write: "push", maintain: "maintain", admin: "admin" } as const;

/** @returns why somebody may not ask; `undefined`: they may */
export function whyNotAllowed(asker: Asker | undefined, rules: OnDemand): string | undefined {
  if (asker?.permissions[PERMISSION[rules.permission]] !== true) {
    return `starting a training takes the permission "${rules.permission}"`;
  }
  const people = rules.people?.map((one) => one.toLowerCase());
  if (people !== undefined && !people.includes(asker.login.toLowerCase())) return "the policy names others for it";
  return undefined;
}

export interface DemandedPull {
  readonly isOpen: boolean;
  readonly base: string;
  readonly head: { readonly sha: string; readonly isFork: boolean };
}

/**
 * A fork's author may push while somebody writes "/train": what they looked at is only certain when the comment names it. A
 * label's event has its commit.
 *
 * @returns why the head is not trained; `undefined`: it is
 */
export function whyNotTrained(
  { named, how }: Pick<AskedTraining, "named" | "how">,
  pull: DemandedPull,
  rules: { readonly branch: string; readonly allowForks: boolean; readonly word: string | undefined },
): string | undefined {
  const { head } = pull;
  if (!pull.isOpen) return "the pull request is closed";
  if (pull.base !== rules.branch)
    return `it is to be merged into ${pull.base}, and the policy is that of ${rules.branch}`;
  if (head.isFork && !rules.allowForks) return 'it comes from a fork, and "allow-forks" is not set';
  if (head.isFork && how === "comment" && named === undefined) {
    return `a fork's commit must be named: "${rules.word} ${head.sha.slice(0, 12)}"`;
  }
  if (named !== undefined && !head.sha.startsWith(named)) return `its head is now ${head.sha.slice(0, 12)}: ask again`;
  return undefined;
}
