/** Labels in request bodies are written as names or as objects that hold one. */
export function labelNames(
  labels: readonly (string | { readonly name?: string })[] | undefined,
): readonly string[] | undefined {
  return labels?.flatMap((label) => (typeof label === "string" ? label : (label.name ?? [])));
}
