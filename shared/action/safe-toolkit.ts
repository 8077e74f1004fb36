/** A toolkit that checks what is written: no secrets, also of those masked later, and nothing larger than GitHub accepts. */
import type { Problem } from "../problem/problem.ts";
import { listSecretForms, redact } from "./redact.ts";
import type { Toolkit } from "./toolkit.ts";

/** GitHub's limit is 1 MB for all outputs of a job, measured in UTF-16 (GitHub docs, "Workflow syntax", outputs). */
const MAX_OUTPUT_LENGTH = 900_000;
/** Over 1,048,576 bytes in the step's file the runner drops the whole summary; the rest is a margin for what others append. */
const MAX_SUMMARY_BYTES = 1_000_000;

function safeProblem(problem: Problem, safe: (text: string) => string): Problem {
  const { message, fix, details } = problem;
  return { ...problem, message: safe(message), fix: safe(fix), ...(details && { details: details.map(safe) }) };
}

export function createSafeToolkit(toolkit: Toolkit, secrets: readonly string[]): Toolkit {
  const forms = secrets.flatMap(listSecretForms);
  const safe = (text: string): string => redact(text, forms);
  return {
    ...toolkit,
    mask(secret) {
      toolkit.mask(secret);
      forms.push(...listSecretForms(secret));
    },
    print: (text) => toolkit.print(safe(text)),
    openGroup: (title) => toolkit.openGroup(safe(title)),
    annotate(level, problem) {
      if (typeof problem === "string") toolkit.annotate(level, safe(problem));
      else toolkit.annotate(level, safeProblem(problem, safe));
    },
    setOutput(name, value) {
      if (value.length > MAX_OUTPUT_LENGTH) throw new Error(`output ${name} has ${value.length} characters`);
      toolkit.setOutput(name, safe(value));
    },
    async writeSummary(markdown) {
      const text = safe(markdown);
      const size = toolkit.summarySize() + Buffer.byteLength(text);
      if (size <= MAX_SUMMARY_BYTES) await toolkit.writeSummary(text);
      else
        toolkit.annotate(
          "warning",
          `The job summary is left out: this step's summaries would have ${size} bytes, more than GitHub accepts.`,
        );
    },
  };
}
