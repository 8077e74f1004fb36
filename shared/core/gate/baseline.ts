/** What the candidate is compared with, and why there may be nothing to compare it with. */
import type { Metric } from "../../records/fields.ts";
import type { Verdict } from "../../records/verdict.ts";
import type { PredictedCases } from "./predicted-cases.ts";

/** Which commit, which numbers, from where: it goes into the verdict. */
export type Provenance = NonNullable<Verdict["baseline"]>;

export type Baseline =
  | {
      readonly kind: "found";
      readonly metrics: readonly Metric[];
      readonly provenance: Provenance;
      /** Earlier values of the branch, oldest first, up to the baseline's own. */
      readonly history?: NonNullable<Verdict["history"]>;
      /** Its per-example results, from its own run and by the digests of its record; text: why there are none. */
      readonly predictions?: PredictedCases | string;
    }
  /** There should be one. Rules that need it fail. */
  | { readonly kind: "missing"; readonly reason: string }
  /** The repository never had one, and the workflow's author allows that: rules that need it are inconclusive. */
  | { readonly kind: "first-run"; readonly reason: string };
