/** Which of GitHub's custom media types a request accepts. */
import type { Call } from "../route.ts";

/**
 * Whether the client accepts `application/vnd.github.KIND`, in any of its spellings (`…github.v3.KIND`,
 * `…github.KIND+json`).
 */
export function accepts({ headers }: Call, kind: string): boolean {
  const pattern = new RegExp(`^application/vnd\\.github\\.(v3\\.)?${kind}(\\+json)?$`);
  return (headers["accept"] ?? "").split(",").some((range) => pattern.test(range.split(";")[0]?.trim() ?? ""));
}
