/** What is known about the places of a version when they are looked up again, and what follows for its promotion. */
import type { Problem } from "../../../problem/problem.ts";
import type { ModelLocation } from "../../../records/location.ts";
import { describeLocation } from "./describe-location.ts";

export type LocationState =
  /** It is there, and what its store says of it has not changed. */
  | { readonly state: "there" }
  /** The store says the digest of each file, and all are those of the version. */
  | { readonly state: "verified" }
  | { readonly state: "gone"; readonly why: string }
  | { readonly state: "differs"; readonly why: string }
  /** This release does not ask such a store. */
  | { readonly state: "unchecked" };

export interface LookedUp {
  readonly location: ModelLocation;
  readonly found: LocationState;
}

/** From the strongest to the weakest. */
export const BYTES_LEVELS = ["immutable", "verified", "listed", "unknown"] as const;
type BytesLevel = (typeof BYTES_LEVELS)[number];

/** The strongest of the places that still have them; each of them can be fetched from. */
export function bytesLevel(places: readonly LookedUp[]): BytesLevel {
  const usable = places.filter(isUsable);
  if (usable.some(({ location }) => location.immutable === true)) return "immutable";
  if (usable.some(({ found }) => found.state === "verified")) return "verified";
  return usable.length > 0 ? "listed" : "unknown";
}

const isUsable = ({ found: { state } }: LookedUp): boolean => state !== "gone" && state !== "differs";

/**
 * @returns why the version cannot be promoted: other bytes are where its own should be, or no place has them any more
 */
export function findBytesProblems(version: string, places: readonly LookedUp[]): readonly Problem[] {
  const differing = places.flatMap(({ location, found }) =>
    found.state === "differs" ? [{ location, why: found.why }] : [],
  );
  if (differing.length > 0) {
    return differing.map(({ location, why }) => ({
      code: "bytes-differ",
      message: `the bytes of ${version} are not those that were registered: ${describeLocation(location)}: ${why}`,
      fix: "Find out who replaced them, and register what is there as the next version if it is meant",
    }));
  }
  if (places.length === 0 || places.some(isUsable)) return [];
  return places.flatMap(({ location, found }) =>
    found.state === "gone"
      ? [
          {
            code: "bytes-gone",
            message: `the bytes of ${version} are gone: ${describeLocation(location)}: ${found.why}`,
            fix: "Train it again and register the next version, with a place that lasts in the input locations",
          },
        ]
      : [],
  );
}

/** What an approver should know: a place that is gone while another one is there. */
export const findPlaceWarnings = (version: string, places: readonly LookedUp[]): readonly Problem[] =>
  findBytesProblems(version, places).length > 0
    ? []
    : places.flatMap(({ location, found }) =>
        found.state === "gone"
          ? [
              {
                code: "bytes-place-gone",
                message: `one place of the bytes of ${version} is gone: ${describeLocation(location)}: ${found.why}`,
                fix: "Another place still has them",
              },
            ]
          : [],
      );
