/** The JSON body an operation takes, as GitHub's description has it. */
import type { operations } from "@octokit/openapi-types";
import type { Call } from "../route.ts";

export type BodyOf<Id extends keyof operations> = operations[Id] extends {
  requestBody?: { content: { "application/json": infer Body } };
}
  ? NonNullable<Body>
  : never;

/** The call's body under its type; the kernel has held it to the description already. */
export function typedBody<Id extends keyof operations>(call: Call, _operation: Id): BodyOf<Id> {
  return call.body as BodyOf<Id>;
}
