/**
 * Masks secrets in the training's command, which goes into the training record, and so into an artifact that others read.
 * Only the step's own variables are known here: where `${{ secrets.NAME }}` stands in the command itself, the runner masks
 * the value in the log, but nothing says here that it is a secret, and the record contains it.
 */

/** Names of variables that contain secrets. */
const SECRET_NAME = /TOKEN|SECRET|PASSW|CREDENTIAL|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY/i;
/** A shorter value is ordinary text; replacing it would garble the command. */
const MIN_SECRET_LENGTH = 8;

/** Program and arguments of the training. The values of variables with a secret's name are masked in the script. */
export function maskCommand(script: string, env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const secrets = Object.entries(env).flatMap(([name, value]) =>
    SECRET_NAME.test(name) && value !== undefined && value.length >= MIN_SECRET_LENGTH ? [value] : [],
  );
  // The longest first: another secret may be the beginning of it.
  secrets.sort((a, b) => b.length - a.length);
  const masked = secrets.reduce((text, secret) => text.replaceAll(secret, "***"), script);
  return ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", masked];
}
