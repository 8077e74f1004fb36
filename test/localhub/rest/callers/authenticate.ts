/** Who makes a request, by its Authorization header. */
import type { Caller } from "../../world/caller.ts";
import type { World } from "../../world/world.ts";
import { RestApiError } from "../http/errors.ts";
import type { RequestHeaders } from "../http/http-messages.ts";

/** @throws RestApiError 401 "Bad credentials" for a token that is unknown, expired or revoked. */
export function authenticate(world: World, headers: RequestHeaders): Caller | undefined {
  const value = tokenOf(headers["authorization"]);
  if (value === undefined) return undefined;
  const token = world.tokens.get(value);
  const expired = token?.expiresAt !== undefined && token.expiresAt <= world.clock.now();
  if (!token || token.revoked || expired) {
    throw new RestApiError(401, "Bad credentials", { documentation: "https://docs.github.com/rest" });
  }
  return { actor: token.actor, token };
}

/** `Bearer X` and `token X` are the same; with Basic the token is the password, as git and curl send it. */
function tokenOf(authorization: string | undefined): string | undefined {
  const [, scheme, credentials] = /^(\w+)\s+(\S+)$/.exec(authorization ?? "") ?? [];
  if (scheme === undefined || credentials === undefined) return undefined;
  if (scheme.toLowerCase() !== "basic") return credentials;
  const [user, password] = Buffer.from(credentials, "base64").toString().split(":");
  return password || user;
}
