/** Records a request in the journal. */
import type { Caller } from "../../world/caller.ts";
import type { World } from "../../world/world.ts";
import type { HttpRequest } from "../http/http-messages.ts";

export interface JournaledRequest {
  readonly incoming: HttpRequest;
  readonly operation: string | undefined;
  readonly caller: Caller | undefined;
  /** 0 when the client got no response. */
  readonly status: number;
  readonly fault: string | undefined;
}

export function journalRequest(world: World, { incoming, operation, caller, status, fault }: JournaledRequest): void {
  world.journal.record({
    kind: "request",
    at: world.clock.now(),
    method: incoming.method,
    path: incoming.pathname,
    query: incoming.query.toString(),
    operation,
    actor: caller?.actor.login,
    body: bodyFor(incoming),
    status,
    fault,
  });
}

/** The JSON value, the text of invalid JSON, or the number of bytes. */
function bodyFor({ headers, bytes }: HttpRequest): unknown {
  if (bytes.length === 0) return undefined;
  const type = headers["content-type"] ?? "";
  if (type.includes("octet-stream") || type.startsWith("application/zip")) return `${bytes.length} bytes`;
  const text = bytes.toString("utf8");
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return type.includes("json") ? text : `${bytes.length} bytes`;
  }
}
