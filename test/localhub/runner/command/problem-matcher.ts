/** Problem matchers: turn the error lines of compilers and linters into annotations. */
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { AnnotationLevel, StepLog } from "../log/step-log.ts";
import { workspaceRelativePath } from "./annotation-location.ts";
import { MATCHER_FIELDS, type MatcherConfig, type MatcherField } from "./matcher-config.ts";

/** The matchers of a job: added by one step, they also scan the output of all later ones. */
export interface ProblemMatchers {
  add(configs: readonly MatcherConfig[]): void;
  remove(owners: readonly string[]): void;
  /** Whether the line completed a problem, which has then been logged. */
  scan(line: string, log: StepLog): boolean;
}

type Match = Readonly<Partial<Record<MatcherField, string>>>;

interface ActiveMatcher {
  readonly config: MatcherConfig;
  /** What the patterns before the last have matched so far, by their index. */
  running: (Match | undefined)[];
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours start with the escape character
const COLOURS = /\x1b\[[0-9;]*m?/g;

export function createProblemMatchers(workspace: string): ProblemMatchers {
  let active: ActiveMatcher[] = [];

  const remove = (owners: readonly string[]): void => {
    const removed = new Set(owners.map((owner) => owner.toLowerCase()));
    active = active.filter(({ config }) => !removed.has(config.owner.toLowerCase()));
  };

  return {
    add(configs) {
      remove(configs.map(({ owner }) => owner));
      active = [...configs.map((config) => ({ config, running: [] })), ...active];
    },
    remove,
    scan(line, log) {
      const plain = line.replace(COLOURS, "");
      for (const matcher of active) {
        const match = advance(matcher, plain);
        if (match === undefined) continue;
        for (const other of active) if (other !== matcher) other.running = [];
        if (report(match, matcher.config, plain, log, workspace)) return true;
      }
      return false;
    },
  };
}

/** Passes a line to the matcher; returns the match when its last pattern matched. */
function advance(matcher: ActiveMatcher, line: string): Match | undefined {
  const { patterns } = matcher.config;
  for (let index = patterns.length - 1; index >= 0; index -= 1) {
    const pattern = patterns[index];
    const before = index === 0 ? {} : matcher.running[index - 1];
    if (pattern === undefined || before === undefined) continue;
    const groups = pattern.regexp.exec(line);
    const isLast = index === patterns.length - 1;
    if (groups === null) {
      if (isLast && index > 0) matcher.running[index - 1] = undefined;
      else if (!isLast) matcher.running[index] = undefined;
      continue;
    }
    const match: Partial<Record<MatcherField, string>> = { ...before };
    for (const field of MATCHER_FIELDS) {
      const group = pattern.groups[field];
      if (group !== undefined) match[field] ??= groups[group] ?? "";
    }
    if (!isLast) {
      matcher.running[index] = match;
      continue;
    }
    matcher.running = [];
    if (pattern.loop) matcher.running[index - 1] = before;
    return match;
  }
  return undefined;
}

function report(match: Match, config: MatcherConfig, line: string, log: StepLog, workspace: string): boolean {
  const level = levelOf(match.severity || config.severity);
  if (!match.message?.trim() || level === undefined) return false;
  const startLine = /^\d+$/.test(match.line ?? "") ? Number(match.line) : undefined;
  const startColumn = /^\d+$/.test(match.column ?? "") ? Number(match.column) : undefined;
  const path = pathOf(match, workspace);
  const location = {
    ...(path === undefined ? {} : { path }),
    ...(startLine === undefined ? {} : { startLine }),
    ...(startColumn === undefined ? {} : { startColumn }),
  };
  log.annotate(level, match.message, location, line);
  return true;
}

function levelOf(severity: string): AnnotationLevel | undefined {
  const level = severity.toLowerCase() || "error";
  return level === "error" || level === "warning" || level === "notice" ? level : undefined;
}

/** `undefined` for a file that does not exist or is outside the workspace. */
function pathOf(match: Match, workspace: string): string | undefined {
  if (!match.file?.trim()) return undefined;
  const from = match.fromPath?.trim() ? resolve(workspace, dirname(match.fromPath)) : workspace;
  const file = resolve(from, match.file);
  const path = workspaceRelativePath(file, workspace);
  return existsSync(file) && path !== file ? path : undefined;
}
