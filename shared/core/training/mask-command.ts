/** The command as it may stand in a record that others read. */

/** Names of variables that hold what nobody else may see. */
const SECRET_NAME = /TOKEN|SECRET|PASSW|CREDENTIAL|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY/i;
/** A shorter value is ordinary text; replacing it would garble the command. */
const MIN_SECRET_LENGTH = 8;

/** Program and arguments that do the same; values of variables that look secret are masked where they were written out. */
export function maskCommand(script: string, env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const secrets = Object.entries(env).flatMap(([name, value]) =>
    SECRET_NAME.test(name) && value !== undefined && value.length >= MIN_SECRET_LENGTH ? [value] : [],
  );
  const masked = secrets.reduce((text, secret) => text.replaceAll(secret, "***"), script);
  return ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", masked];
}
