/** Rules about the commits themselves: no merge commits, and texts that match a pattern. */
import { type Commit, ZERO_SHA } from "../../git/git-repository.ts";
import type { Repository } from "../../world/repository.ts";
import type { PatternRequirement, ProtectionRequirement } from "./requirements.ts";

export interface PushedRange {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
}

/** @returns GitHub's message when the commits that are new on the ref break the requirement. */
export async function findCommitRuleViolation(
  repository: Repository,
  { ref, before, after }: PushedRange,
  requirement: Extract<ProtectionRequirement, { kind: "linear-history" | "pattern" }>,
): Promise<string | undefined> {
  if (requirement.kind === "pattern" && /name$/.test(requirement.of)) {
    const fits = before !== ZERO_SHA || matchesPattern(requirement, ref.replace(/^refs\/(heads|tags)\//, ""));
    return fits ? undefined : patternMessage(requirement);
  }
  const commits = await repository.git.log(after, before === ZERO_SHA ? {} : { base: before });
  if (requirement.kind === "linear-history") {
    const merges = before !== ZERO_SHA && commits.some(({ parents }) => parents.length > 1);
    return merges ? "This branch must not contain merge commits." : undefined;
  }
  const fits = commits.every((commit) => matchesPattern(requirement, textOf(requirement.of, commit)));
  return fits ? undefined : patternMessage(requirement);
}

function textOf(of: PatternRequirement["of"], commit: Commit): string {
  if (of === "author email") return commit.author.email;
  if (of === "committer email") return commit.committer.email;
  return commit.message;
}

function matchesPattern({ operator, pattern, negate }: PatternRequirement, text: string): boolean {
  const found = {
    starts_with: () => text.startsWith(pattern),
    ends_with: () => text.endsWith(pattern),
    contains: () => text.includes(pattern),
    regex: () => new RegExp(pattern, "u").test(text),
  }[operator]();
  return found !== negate;
}

const HOW = { starts_with: "start with", ends_with: "end with", contains: "contain", regex: "match" } as const;

const patternMessage = ({ of, operator, pattern, negate }: PatternRequirement): string =>
  `The ${of} must ${negate ? "not " : ""}${HOW[operator]} ${operator === "regex" ? `the pattern "${pattern}"` : `"${pattern}"`}.`;
