/** The type of an operation's JSON body, from GitHub's description. */
import type { operations } from "@octokit/openapi-types";
import type { Call } from "../route.ts";

export type BodyOf<Id extends keyof operations> = operations[Id] extends {
  requestBody?: { content: { "application/json": infer Body } };
}
  ? NonNullable<Body>
  : never;

/** The call's body with its type; the request handler has validated it already. */
export function typedBody<Id extends keyof operations>(call: Call, _operation: Id): BodyOf<Id> {
  return call.body as BodyOf<Id>;
}
