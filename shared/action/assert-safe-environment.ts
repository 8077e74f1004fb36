/**
 * Whether the job's environment leaves the action a boundary. A workflow can set these variables, and so can any earlier step
 * of the job, such as a training that writes to GITHUB_ENV.
 */
import { userError } from "../problem/problem.ts";
import { input } from "./input.ts";

/** The input of every action that has a token. */
export const ALLOW_UNVERIFIED_TLS = "allow-unverified-tls";
export const allowUnverifiedTls = input.flag({
  doc: "Whether the token may be sent although NODE_TLS_REJECT_UNAUTHORIZED=0 turns off the check of the server's certificate. For a company's own certificate authority set NODE_EXTRA_CA_CERTS instead",
  default: "false",
});

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * @param inputs as parsed; those without a token have no `allow-unverified-tls`
 * @throws ActionError `unsecure-commands`, `tls-unverified`
 */
export function assertSafeEnvironment(env: Environment, inputs: Readonly<Record<string, unknown>>): void {
  const unsecure = Object.entries(env).find(
    ([name, value]) => UNSECURE.test(name) && value && !/^(?:false|0)$/i.test(value),
  );
  if (unsecure !== undefined) {
    throw userError({
      code: "unsecure-commands",
      message: `${unsecure[0]} lets any printed line change this job's environment`,
      fix: `Remove ${unsecure[0]} from the workflow`,
    });
  }
  if (env["NODE_TLS_REJECT_UNAUTHORIZED"] === "0" && inputs[ALLOW_UNVERIFIED_TLS] === false) {
    throw userError({
      code: "tls-unverified",
      message: "NODE_TLS_REJECT_UNAUTHORIZED=0 lets anybody on the network answer as GitHub and read the token",
      fix: `Remove it, and name your certificate authority with NODE_EXTRA_CA_CERTS; or write "${ALLOW_UNVERIFIED_TLS}: true"`,
    });
  }
}

/** The runner reads it in any spelling of `true`, and Windows knows names in any case. */
const UNSECURE = /^ACTIONS_ALLOW_UNSECURE_(?:COMMANDS|STOPCOMMAND_TOKENS)$/i;
