/** Keeps known secrets out of everything an action says: the runner masks its log, but not what reaches the API. */

/** Shorter than this, a secret's parts are ordinary text: masking them would garble every line. */
const MIN_REDACTED_LENGTH = 4;

/** The texts a secret may appear as: itself, each of its lines, and its usual encodings. */
export function listSecretForms(secret: string): readonly string[] {
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  const encoded = [btoa(String.fromCharCode(...new TextEncoder().encode(secret))), encodeURIComponent(secret)];
  const forms = [secret, ...lines, ...encoded].filter((form) => form.length >= MIN_REDACTED_LENGTH);
  // The longest first, so that no part of a longer one is left over.
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

export function redact(text: string, forms: readonly string[]): string {
  return forms.reduce((safe, form) => safe.replaceAll(form, "***"), text);
}
