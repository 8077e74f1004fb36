/** The kind of a full ref. */
export interface RefKind {
  readonly type: "branch" | "tag";
  /** `github.ref_name`: `main`, `v1`, `7/merge`. */
  readonly name: string;
}

export function refKind(ref: string): RefKind {
  if (ref.startsWith("refs/tags/")) return { type: "tag", name: ref.slice("refs/tags/".length) };
  return { type: "branch", name: ref.replace(/^refs\/(heads|pull)\//, "") };
}
