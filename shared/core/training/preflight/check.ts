/** One check of a machine. */

export interface Check {
  /** Kebab-case; the problem of a failed one is `preflight-` and this. */
  readonly code: string;
  /** `fail` stops the training; `unknown`: the machine does not tell, and nobody asked for it. */
  readonly outcome: "pass" | "warn" | "fail" | "unknown";
  readonly message: string;
  /** An imperative, without a full stop. */
  readonly fix: string;
}

interface Comparison {
  readonly fix: string;
  /** Less than this deserves a warning, also when nothing is required. */
  readonly least?: number;
  readonly format?: (value: number) => string;
}

/** At least so much. @returns `undefined` when nothing is required and there is nothing to say */
export function compare(
  code: string,
  what: string,
  found: number | null,
  required: number | undefined,
  { fix, least, format = formatBytes }: Comparison,
): Check | undefined {
  if (required === undefined && least === undefined) return undefined;
  if (found === null) return unseen(code, what, required === undefined ? undefined : format(required), fix);
  const has = `the ${what} is ${format(found)}`;
  if (required !== undefined) {
    return found >= required
      ? { code, outcome: "pass", message: has, fix }
      : { code, outcome: "fail", message: `${has}, and the training requires ${format(required)}`, fix };
  }
  return found >= (least ?? 0)
    ? { code, outcome: "pass", message: has, fix }
    : { code, outcome: "warn", message: `${has}, which is little`, fix };
}

/** What is required and cannot be seen is missing. */
export function unseen(code: string, what: string, required: string | undefined, fix: string): Check {
  const message = `the machine does not tell the ${what}`;
  return required === undefined
    ? { code, outcome: "unknown", message, fix }
    : { code, outcome: "fail", message: `${message}, and the training requires ${required}`, fix };
}

const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** `81.6 GB` */
export function formatBytes(bytes: number): string {
  if (bytes < 1) return "0 B";
  if (!Number.isFinite(bytes)) return "unlimited";
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${UNITS[power]}`;
}
