/** What the doctor found. */
import type { Problem } from "../../problem/problem.ts";
import type { RepositoryFacts } from "./facts.ts";

/**
 * - `error`: a gate or a protection that is not real.
 * - `warning`: real today, and easily lost; or open to somebody who should not have it.
 * - `note`: better otherwise.
 */
export type Severity = "error" | "warning" | "note";

export interface Finding {
  readonly severity: Severity;
  readonly problem: Problem;
}

/** A rule sees everything, and says what breaks it. */
export type DoctorRule = (facts: RepositoryFacts) => readonly Finding[];

export const finding = (severity: Severity, problem: Problem): Finding => ({ severity, problem });
