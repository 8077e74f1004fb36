/** Errors of the REST face in the shape GitHub answers them. */
import { Refusal } from "../world/refusal.ts";
import { jsonOutcome, type Outcome } from "./exchange.ts";

/** GitHub puts the status into the body as text, and always names a page of its documentation. */
export function refusalOutcome(refusal: Refusal, documentation: string): Outcome {
  return jsonOutcome(
    refusal.status,
    {
      message: refusal.message,
      ...(refusal.errors && { errors: refusal.errors }),
      documentation_url: refusal instanceof RestRefusal ? (refusal.documentation ?? documentation) : documentation,
      status: String(refusal.status),
    },
    refusal instanceof RestRefusal ? refusal.headers : {},
  );
}

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
