/** Errors of the REST face in the shape GitHub answers them. */
import { Refusal } from "../../world/refusal.ts";

export interface ErrorBody {
  readonly message: string;
  readonly errors?: Refusal["errors"];
  readonly documentation_url: string;
  /** GitHub puts the status into the body as text. */
  readonly status: string;
}

/** `documentation` is the operation's own page, unless the refusal points at another. */
export function errorBody(refusal: Refusal, documentation: string): ErrorBody {
  return {
    message: refusal.message,
    ...(refusal.errors && { errors: refusal.errors }),
    documentation_url: (refusal instanceof RestRefusal ? refusal.documentation : undefined) ?? documentation,
    status: String(refusal.status),
  };
}

export const errorHeaders = (refusal: Refusal): Readonly<Record<string, string>> =>
  refusal instanceof RestRefusal ? refusal.headers : {};

/** A refusal of the REST face itself, which can carry headers and point at another page than the operation's. */
export class RestRefusal extends Refusal {
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
