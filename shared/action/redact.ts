/** Removes known secrets from everything that an action writes: the runner masks its log, but not what goes to the API. */

/** Shorter parts of a secret are ordinary text: masking them would make every line unreadable. */
const MIN_REDACTED_LENGTH = 4;

/** The texts that a secret may appear as: itself, each of its lines, and its usual encodings. */
export function listSecretForms(secret: string): readonly string[] {
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  const encoded = [btoa(String.fromCharCode(...new TextEncoder().encode(secret))), encodeURIComponent(secret)];
  const forms = [secret, ...lines, ...encoded].filter((form) => form.length >= MIN_REDACTED_LENGTH);
  // The longest first, so that no part of a longer one is left.
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

export function redact(text: string, forms: readonly string[]): string {
  return forms.reduce((safe, form) => safe.replaceAll(form, "***"), text);
}
