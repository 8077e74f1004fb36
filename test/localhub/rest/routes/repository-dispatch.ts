/** `repository_dispatch`: a custom event that starts workflows. */
import { unprocessable } from "../../world/api-error.ts";
import { noContent, type Route, route } from "../route.ts";

/** GitHub docs, "Create a repository dispatch event": the payload must be smaller than 64 KB. Bytes of its JSON. */
const MAX_PAYLOAD_BYTES = 64 * 1024;

export const repositoryDispatchRoutes: readonly Route[] = [
  route("repos/create-dispatch-event", async ({ actions, repository, body, requiredCaller: caller }) => {
    const clientPayload = (body["client_payload"] ?? {}) as Readonly<Record<string, unknown>>;
    if (Buffer.byteLength(JSON.stringify(clientPayload)) >= MAX_PAYLOAD_BYTES)
      throw unprocessable("client_payload is too large: it must be less than 64KB");
    const eventType = String(body["event_type"]);
    await actions.repositoryDispatch({ repository, eventType, clientPayload, caller });
    return noContent;
  }),
];
