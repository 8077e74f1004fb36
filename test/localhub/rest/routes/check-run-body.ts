/** Converts the body of a request about a check run to the types of the operations. */
import type { CheckReport } from "../../operations/checks/app-checks.ts";
import type { Annotation, CheckAction, CheckStatus, Conclusion } from "../../world/checks.ts";

export interface CheckRunBody {
  readonly name?: string;
  readonly details_url?: string;
  readonly external_id?: string;
  readonly status?: CheckStatus;
  readonly started_at?: string;
  readonly conclusion?: Conclusion;
  readonly completed_at?: string;
  readonly output?: {
    readonly title?: string;
    readonly summary: string;
    readonly text?: string;
    readonly annotations?: readonly AnnotationBody[];
  };
  readonly actions?: readonly CheckAction[];
}

interface AnnotationBody {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly start_column?: number;
  readonly end_column?: number;
  readonly annotation_level: Annotation["level"];
  readonly message: string;
  readonly title?: string;
  readonly raw_details?: string;
}

export function reportFrom(body: CheckRunBody): CheckReport {
  const { annotations, title, summary, text } = body.output ?? {};
  return {
    name: body.name,
    detailsUrl: body.details_url,
    externalId: body.external_id,
    status: body.status,
    conclusion: body.conclusion,
    startedAt: dateFrom(body.started_at),
    completedAt: dateFrom(body.completed_at),
    output: body.output && {
      ...(title !== undefined && { title }),
      ...(summary !== undefined && { summary }),
      ...(text !== undefined && { text }),
    },
    annotations: annotations?.map(annotationFrom),
    actions: body.actions,
  };
}

const dateFrom = (text: string | undefined): Date | undefined => (text === undefined ? undefined : new Date(text));

const annotationFrom = (body: AnnotationBody): Annotation => ({
  path: body.path,
  startLine: body.start_line,
  endLine: body.end_line,
  startColumn: body.start_column ?? null,
  endColumn: body.end_column ?? null,
  level: body.annotation_level,
  title: body.title ?? null,
  message: body.message,
  rawDetails: body.raw_details ?? null,
});
