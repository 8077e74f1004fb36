/** Times in GitHub's format: UTC, whole seconds, `2026-01-31T08:00:00Z`. */
export function timestamp(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

export function timestampOrNull(date: Date | null | undefined): string | null {
  return date ? timestamp(date) : null;
}
