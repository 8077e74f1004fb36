/** The token that requests are sent with: a wait of hours may outlive it. */

export interface Credentials {
  /** The value of the `authorization` header now. */
  readonly authorization: () => string;
  /**
   * Gets a new token after GitHub has refused one.
   *
   * @param refused the header that was sent with it
   * @returns whether a request is worth sending again
   */
  readonly renew: (refused: string) => Promise<boolean>;
}

/** @param renewToken a fresh token, or `undefined` when there is none now; left out: the token is never renewed */
export function createCredentials(token: string, renewToken?: () => Promise<string | undefined>): Credentials {
  let authorization = `Bearer ${token}`;
  let renewing: Promise<boolean> | undefined;

  async function renewOnce(): Promise<boolean> {
    const fresh = await renewToken?.();
    const isOther = fresh !== undefined && isToken(fresh) && `Bearer ${fresh}` !== authorization;
    if (isOther) authorization = `Bearer ${fresh}`;
    return isOther;
  }

  return {
    authorization: () => authorization,
    async renew(refused) {
      // Another request has renewed it meanwhile.
      if (refused !== authorization) return true;
      renewing ??= renewOnce().finally(() => {
        renewing = undefined;
      });
      return renewing;
    },
  };
}

/** What may stand in a header; the error of `fetch` about anything else quotes the token. */
export const isToken = (text: string): boolean => /^[\x21-\x7e]+$/.test(text);

/** Sends with the token, and once more with a new one when GitHub refuses it: a refused request has had no effect. */
export async function sendAuthorized<Result extends { readonly kind: string; readonly status?: number }>(
  { authorization, renew }: Credentials,
  send: (headers: { readonly authorization: string }) => Promise<Result>,
): Promise<Result> {
  const sent = authorization();
  const result = await send({ authorization: sent });
  if (result.kind !== "response" || result.status !== 401 || !(await renew(sent))) return result;
  return send({ authorization: authorization() });
}
