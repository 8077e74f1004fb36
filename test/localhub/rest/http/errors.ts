/** Errors of the REST face in the shape GitHub answers them. */
import { ApiError } from "../../world/api-error.ts";

export interface ErrorBody {
  readonly message: string;
  readonly errors?: ApiError["errors"];
  readonly documentation_url: string;
  /** GitHub puts the status into the body as text. */
  readonly status: string;
}

/** `documentation` is the operation's own page, unless the refusal points at another. */
export function errorBody(refusal: ApiError, documentation: string): ErrorBody {
  return {
    message: refusal.message,
    ...(refusal.errors && { errors: refusal.errors }),
    documentation_url: (refusal instanceof RestApiError ? refusal.documentation : undefined) ?? documentation,
    status: String(refusal.status),
  };
}

export const errorHeaders = (refusal: ApiError): Readonly<Record<string, string>> =>
  refusal instanceof RestApiError ? refusal.headers : {};

/** A refusal of the REST face itself, which can carry headers and point at another page than the operation's. */
export class RestApiError extends ApiError {
  readonly headers: Readonly<Record<string, string>>;
  readonly documentation: string | undefined;

  constructor(
    status: number,
    message: string,
    extra: { readonly headers?: Readonly<Record<string, string>>; readonly documentation?: string } = {},
  ) {
    super(status, message);
    this.headers = extra.headers ?? {};
    this.documentation = extra.documentation;
  }
}
