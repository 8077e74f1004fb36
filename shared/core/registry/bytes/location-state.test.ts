import { expect, test } from "vitest";
import {
  bytesLevel,
  findBytesProblems,
  findPlaceWarnings,
  type LocationState,
  type LookedUp,
} from "./location-state.ts";

const place = (state: LocationState["state"], immutable = false): LookedUp => ({
  location: { kind: "s3", uri: "s3://bucket/key", ...(immutable && { immutable }) },
  found: state === "gone" || state === "differs" ? { state, why: "because" } : { state },
});

test.each<[string, readonly LookedUp[], string, readonly string[], readonly string[]]>([
  ["nowhere", [], "unknown", [], []],
  ["there", [place("there")], "listed", [], []],
  ["not asked", [place("unchecked")], "listed", [], []],
  ["verified", [place("there"), place("verified")], "verified", [], []],
  ["named by content", [place("unchecked", true)], "immutable", [], []],
  ["gone", [place("gone", true)], "unknown", ["bytes-gone"], []],
  ["one of two gone", [place("gone"), place("there")], "listed", [], ["bytes-place-gone"]],
  ["both gone", [place("gone"), place("gone")], "unknown", ["bytes-gone", "bytes-gone"], []],
  [
    "other bytes, although another place has them",
    [place("differs"), place("verified")],
    "verified",
    ["bytes-differ"],
    [],
  ],
  ["other bytes, and gone", [place("gone"), place("differs")], "unknown", ["bytes-differ"], []],
])("%s", (_, places, level, problems, warnings) => {
  expect(bytesLevel(places)).toBe(level);
  expect(findBytesProblems("v1", places).map(({ code }) => code)).toEqual(problems);
  expect(findPlaceWarnings("v1", places).map(({ code }) => code)).toEqual(warnings);
});
