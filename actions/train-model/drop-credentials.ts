/**
 * Imported first, before anything has started: the training runs as the same user and can read the environment of the
 * processes above it. What is not granted must not be there; nothing in this action needs it.
 */
import { dropVariables } from "../../shared/adapters/process/replace-process.ts";
import { isWithheldCredential } from "../../shared/core/training/credentials.ts";

/** As `spec.ts` reads the input `grant`; anything else is refused there. */
const grant = process.env["INPUT_GRANT"]?.trim() === "oidc" ? "oidc" : "nothing";

dropVariables((name) => isWithheldCredential(name, grant));
