/** Labels in request bodies are names or objects with a `name`. */
export function labelNames(
  labels: readonly (string | { readonly name?: string })[] | undefined,
): readonly string[] | undefined {
  return labels?.flatMap((label) => (typeof label === "string" ? label : (label.name ?? [])));
}
