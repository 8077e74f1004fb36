/**
 * A change that is not allowed, with GitHub's status and message. Thrown by the operations; the REST API server sends
 * it unchanged.
 */
export interface FieldError {
  readonly resource: string;
  readonly code: "missing" | "missing_field" | "invalid" | "already_exists" | "unprocessable" | "too_large" | "custom";
  readonly field?: string;
  readonly message?: string;
  /** What a deployment still lacks, when its required contexts are what is wrong. */
  readonly contexts?: readonly { readonly context: string; readonly state: string }[];
}

export class ApiError extends Error {
  readonly status: number;
  readonly errors: readonly (FieldError | string)[] | undefined;

  constructor(status: number, message: string, errors?: readonly (FieldError | string)[]) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.errors = errors;
  }
}

export const notFound = (): ApiError => new ApiError(404, "Not Found");
/** 422 with a message of the operation's own. */
export const unprocessable = (message: string, errors?: readonly (FieldError | string)[]): ApiError =>
  new ApiError(422, message, errors);
/** 422 `Validation Failed`, with what is wrong in which field. */
export const validationFailed = (...errors: readonly (FieldError | string)[]): ApiError =>
  new ApiError(422, "Validation Failed", errors);
