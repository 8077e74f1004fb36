/** Errors of the REST API in GitHub's format. */
import { ApiError } from "../../world/api-error.ts";

export interface ErrorBody {
  readonly message: string;
  readonly errors?: ApiError["errors"];
  readonly documentation_url: string;
  /** GitHub repeats the status in the body, as text. */
  readonly status: string;
}

/** `documentation` is the operation's own page, used unless the error points at another. */
export function errorBody(error: ApiError, documentation: string): ErrorBody {
  return {
    message: error.message,
    ...(error.errors && { errors: error.errors }),
    documentation_url: (error instanceof RestApiError ? error.documentation : undefined) ?? documentation,
    status: String(error.status),
  };
}

export const errorHeaders = (error: ApiError): Readonly<Record<string, string>> =>
  error instanceof RestApiError ? error.headers : {};

/** An error of the REST API server itself, which can have headers and point at another page than the operation's. */
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
