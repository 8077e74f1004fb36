/**
 * Masks secrets in the training's command and output, which go into the training record and its log, and so into artifacts.
 * Only the step's own variables are known here: where `${{ secrets.NAME }}` stands in the command itself, the runner masks
 * the value in its own log, but nothing says here that it is a secret, and the record contains it.
 */

/** Names of variables that contain secrets. */
const SECRET_NAME = /TOKEN|SECRET|PASSW|CREDENTIAL|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY/i;
/** A shorter value is ordinary text; replacing it would garble the command. */
const MIN_SECRET_LENGTH = 8;

type Environment = Readonly<Record<string, string | undefined>>;

/** Program and arguments of the training, without secrets. */
export const maskCommand = (script: string, env: Environment): readonly string[] => [
  ...["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"],
  createMask(env)(script),
];

/** Masks the values of variables with a secret's name, and each of their lines. */
export function createMask(env: Environment): (text: string) => string {
  const secrets = Object.entries(env).flatMap(([name, value]) =>
    SECRET_NAME.test(name) && value !== undefined ? [value, ...value.split(/\r?\n/)] : [],
  );
  // The longest first: another secret may be the beginning of it.
  const forms = [...new Set(secrets)]
    .filter(({ length }) => length >= MIN_SECRET_LENGTH)
    .sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((masked, form) => masked.replaceAll(form, "***"), text);
}
