/** Which repository on which GitHub a folder is a clone of. */

export interface FoundRepository {
  /** `owner/name` */
  readonly name: string;
  /** Address of the API. */
  readonly api: string;
}

/** @param remote address of the remote `origin`, as git has it; @returns `undefined` for what is on no server */
export function findRepository(remote: string): FoundRepository | undefined {
  const [, host, owner, name] =
    /^(?:https?:\/\/(?:[^@/]*@)?|ssh:\/\/(?:[^@/]*@)?|[\w.-]+@)([\w.-]+)(?::\d+)?[:/]([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(
      remote.trim(),
    ) ?? [];
  if (host === undefined || owner === undefined || name === undefined) return undefined;
  const api = host === "github.com" ? "https://api.github.com" : `https://${host}/api/v3`;
  return { name: `${owner}/${name}`, api };
}
