/** Names, paths, amounts and times as policy 2 writes them. */
import * as z from "zod";

/** Text of one line without invisible characters; `length` in code points. */
const visibleText = (length: number, message: string) =>
  z.string().regex(new RegExp(`^(?!\\s)[^\\p{C}\\p{Zl}\\p{Zp}]{1,${length}}(?<!\\s)$`, "u"), message);

// As in version 1, so that every name of a metric stays a name.
export const metricName = z.string().regex(/^[^\p{Cc}\p{Cs}]{1,200}$/u, "text of 1 to 200 characters on one line");
export const line = z.string().regex(/^[^\p{Cc}\p{Cs}]{1,1000}$/u, "text of 1 to 1000 characters on one line");

/** GitHub: up to 255 characters, unique in the repository whatever their case. */
export const environmentName = visibleText(
  255,
  "a name of 1 to 255 characters, without blanks around it or invisible characters",
);

export const modelName = visibleText(
  100,
  "a name of 1 to 100 characters, without blanks around it or invisible characters",
);

export const path = z
  .string()
  .regex(
    /^(?![/\\]|[A-Za-z]:)(?!.*\\)(?!(?:.*\/)?\.\.(?:\/|$))[^\p{Cc}]+$/u,
    'a path from the repository\'s root, without "..", a leading / or a backslash',
  );

/** Names of branches with `*` and `**`, as in the `on:` of a workflow. */
export const branchPattern = z
  .string()
  .regex(/^(?!refs\/)[^\s~^:?\\[\p{Cc}]{1,255}$/u, "a branch, or a pattern such as release/**, without refs/heads/");

export const login = z
  .string()
  .regex(
    /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})(?:\/[A-Za-z0-9._-]{1,100})?$/,
    "a login such as octocat, or a team such as octo-org/ml",
  );

export const fieldName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, "lower-case letters, digits and _, starting with a letter");

export const duration = z.string().regex(/^[1-9]\d{0,4}(?:m|h|d)$/, "a time such as 30m, 48h or 7d");

export const date = z.iso.date("a date such as 2026-01-31");

const AMOUNT_OR_SHARE = "an amount such as 0.02, or a share of the baseline such as 2%";
const SHARE = /^\d{1,9}(?:\.\d{1,9})?%$/;

export const amountOrShare = z.union(
  [z.number().nonnegative(), z.string().regex(SHARE, AMOUNT_OR_SHARE)],
  AMOUNT_OR_SHARE,
);

const AMOUNT_SHARE_OR_AUTO = "an amount such as 0.02, a share of the baseline such as 2%, or auto";

export const amountShareOrAuto = z.union(
  [z.number().nonnegative(), z.string().regex(/^(?:auto|\d{1,9}(?:\.\d{1,9})?%)$/, AMOUNT_SHARE_OR_AUTO)],
  AMOUNT_SHARE_OR_AUTO,
);

export const severity = z.enum(["fail", "warn"]);
