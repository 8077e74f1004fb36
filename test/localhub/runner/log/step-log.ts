/** What one step of a job shows: its log lines, its annotations and its summary, all masked. */
import type { JobObserver, ObservedAnnotation } from "../job.ts";
import type { Masker } from "./masker.ts";

export type AnnotationLevel = "error" | "warning" | "notice";

/** Where an annotation points. */
export type AnnotationLocation = Partial<Omit<ObservedAnnotation, "level" | "message">>;

export interface StepLog {
  output(text: string): void;
  /** Shown only in jobs that debug their steps (`ACTIONS_STEP_DEBUG`). */
  debug(text: string): void;
  /** An annotation, and its line in the log: the message, or `line` instead. */
  annotate(level: AnnotationLevel, message: string, location?: AnnotationLocation, line?: string): void;
  /** Markdown for the job summary. */
  summary(markdown: string): void;
}

/** actions/runner, `ExecutionContext`: further ones of a kind are only logged. */
const ANNOTATIONS_PER_KIND = 10;
/** actions/runner, `ExecutionContext`: UTF-16 units. */
const MAX_MESSAGE_LENGTH = 4_096;

export interface StepLogOptions {
  readonly number: number;
  readonly observer: JobObserver;
  readonly masker: Masker;
  readonly debug: boolean;
}

export function createStepLog({ number, observer, masker, debug }: StepLogOptions): StepLog {
  const annotated: Record<AnnotationLevel, number> = { error: 0, warning: 0, notice: 0 };
  let summaries = "";

  function write(text: string): void {
    // A secret of several lines is only found before the text is split into lines.
    for (const line of masker.mask(text).split("\n")) observer.line(number, line);
  }

  return {
    output: write,
    debug(text) {
      if (debug) write(`##[debug]${text}`);
    },
    annotate(level, message, location, line) {
      const shown = masker.mask(message).slice(0, MAX_MESSAGE_LENGTH);
      if (annotated[level] < ANNOTATIONS_PER_KIND) {
        annotated[level] += 1;
        observer.annotation(number, annotation(level, shown, location, masker));
      }
      const text = line ?? shown;
      if (text !== "") write(`##[${level}]${text}`);
    },
    summary(markdown) {
      const lines = markdown.replace(/\r?\n$/, "").split(/\r?\n/);
      summaries += `${lines.map((line) => masker.mask(line)).join("\n")}\n`;
      observer.summary(number, summaries);
    },
  };
}

function annotation(
  level: AnnotationLevel,
  message: string,
  location: AnnotationLocation = {},
  masker: Masker,
): ObservedAnnotation {
  return {
    level: level === "error" ? "failure" : level,
    message,
    title: location.title === undefined ? undefined : masker.mask(location.title),
    path: location.path === undefined ? undefined : masker.mask(location.path),
    startLine: location.startLine,
    endLine: location.endLine,
    startColumn: location.startColumn,
    endColumn: location.endColumn,
  };
}
