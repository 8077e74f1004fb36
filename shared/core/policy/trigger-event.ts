/** Why a run exists, as GitHub tells its runner: the judged change controls none of it. */
export interface TriggerEvent {
  readonly event: { readonly name: string; readonly payload: Readonly<Record<string, unknown>> };
  /** `owner/name`. */
  readonly repository: string;
  /** `refs/heads/main`, or `refs/pull/7/merge` for a pull request's test merge. */
  readonly ref: string;
  readonly sha: string;
  /** `owner/name/.github/workflows/ci.yml@refs/…` */
  readonly workflow: string;
  readonly run: { readonly id: number; readonly attempt: number };
}
