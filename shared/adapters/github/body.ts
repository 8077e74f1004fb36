/** Bodies of responses: read up to a limit, because one may be endless, and parsed without trust. */
import type { Json } from "./github.ts";

/** @returns `undefined` when it has more than `maxBytes` */
export async function readBytes(response: Response, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** GitHub always responds with an object or a list; Octokit would take a `null` for an empty list. */
export function parseJson(text: string): Json | undefined {
  try {
    const data = JSON.parse(text) as Json;
    return typeof data === "object" && data !== null && isNestedWithin(data, MAX_NESTING) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** Many times what GitHub's descriptions have; what is nested without end exhausts the stack of whoever looks at it. */
const MAX_NESTING = 100;

function isNestedWithin(data: Json, levels: number): boolean {
  if (typeof data !== "object" || data === null) return true;
  return levels > 0 && Object.values(data).every((value) => isNestedWithin(value, levels - 1));
}
