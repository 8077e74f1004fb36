/**
 * The only file that imports `@actions/core`, and so the only way from an action to its runner. Everything that is
 * printed passes `escapeWorkflowCommands`; the rest of `@actions/core` is not used.
 */
import { statSync } from "node:fs";
import * as core from "@actions/core";
import { formatProblem, type Problem } from "../problem/problem.ts";
import { escapeWorkflowCommands } from "./escape-workflow-commands.ts";

/** All that an action can write to its runner; tests replace it. */
export interface Toolkit {
  readonly mask: (secret: string) => void;
  readonly print: (text: string) => void;
  readonly openGroup: (title: string) => void;
  readonly closeGroup: () => void;
  readonly annotate: (level: "notice" | "warning" | "error", problem: Problem | string) => void;
  readonly setOutput: (name: string, value: string) => void;
  readonly writeSummary: (markdown: string) => Promise<void>;
  /** How many bytes this step's summary already has. */
  readonly summarySize: () => number;
  readonly saveState: (name: string, value: string) => void;
  readonly readState: (name: string) => string;
  /** An OIDC token for an audience, for registries that accept one. */
  readonly idToken: (audience: string) => Promise<string>;
}

const ANNOTATE = { notice: core.notice, warning: core.warning, error: core.error } as const;

export const toolkit: Toolkit = {
  mask: (secret) => {
    // A multi-line secret is printed line by line; masking a very short line would mask ordinary text.
    for (const line of new Set([secret, ...secret.split(/\r?\n/)])) if (line.length >= 4) core.setSecret(line);
  },
  print: (text) => core.info(escapeWorkflowCommands(text)),
  openGroup: (title) => core.startGroup(escapeWorkflowCommands(title)),
  closeGroup: () => core.endGroup(),
  annotate: (level, problem) => {
    const text = escapeWorkflowCommands(typeof problem === "string" ? problem : formatProblem(problem));
    const place = typeof problem === "string" ? undefined : problem.place;
    ANNOTATE[level](text, {
      ...(place && { file: place.file }),
      ...(place?.line !== undefined && { startLine: place.line }),
      ...(place?.column !== undefined && { startColumn: place.column }),
    });
  },
  setOutput: (name, value) => core.setOutput(name, value),
  writeSummary: async (markdown) => {
    await core.summary.addRaw(markdown, true).write();
  },
  summarySize: () => statSync(process.env["GITHUB_STEP_SUMMARY"] ?? "", { throwIfNoEntry: false })?.size ?? 0,
  saveState: (name, value) => core.saveState(name, value),
  readState: (name) => core.getState(name),
  idToken: (audience) => core.getIDToken(audience),
};
