import { expect, test } from "vitest";
import type { ModelLocation } from "../../../records/location.ts";
import { assertKept, findExpiryWarning, findLastReach } from "./location-expiry.ts";

const NOW = "2026-06-01T00:00:00.000Z";
const day = (days: number): string => new Date(Date.parse(NOW) + days * 86_400_000).toISOString();
const stage = (name: string, needs: readonly string[], more: object = {}) => ({
  ...{ name, needs: [...needs], approvals: 1, "approval-expires": "7d" },
  ...more,
});
const until = (days: number | undefined): ModelLocation => ({
  kind: "s3",
  uri: "s3://bucket/key",
  ...(days !== undefined && { expiresAt: day(days) }),
});

const CHAIN = [
  stage("staging", [], { approvals: 0 }),
  stage("production", ["staging", "audit"], { soak: "3d" }),
  stage("audit", ["staging"], { "approval-expires": "2d" }),
];

test.each([
  ["a whole chain: the longest way counts", CHAIN, undefined, { environment: "production", until: day(2 + 3 + 7) }],
  ["from its last environment on", CHAIN, "Production", { environment: "production", until: day(7) }],
  ["from the middle", CHAIN, "audit", { environment: "production", until: day(2 + 3 + 7) }],
  ["one without approval", [stage("live", [], { approvals: 0 })], undefined, { environment: "live", until: day(0) }],
  ["none", [], undefined, undefined],
  ["a circle, which the policy refuses elsewhere", [stage("a", ["b"]), stage("b", ["a"])], undefined, undefined],
])("when the last environment is reached: %s", (_, environments, start, reach) => {
  expect(findLastReach(environments, NOW, start)).toEqual(reach);
});

test("a warning where the bytes may be gone before, and only there", () => {
  const warn = (...locations: readonly ModelLocation[]) =>
    findExpiryWarning(locations, findLastReach(CHAIN, NOW), "v1.0.0")?.code;
  expect([
    warn(until(11)),
    warn(until(12)),
    warn(until(1), until(12)),
    warn(until(1), until(undefined)),
    warn(),
  ]).toEqual(["bytes-expire-early", undefined, undefined, undefined, undefined]);
  expect(findExpiryWarning([until(11)], findLastReach(CHAIN, NOW), "v1.0.0")?.message).toBe(
    "the bytes of v1.0.0 are deleted at 2026-06-12 00:00 UTC, and production may be waited for until 2026-06-13 00:00 UTC",
  );
});

test.each([
  ["long enough", [until(30)], "30d", undefined],
  ["for ever", [until(undefined)], "400d", undefined],
  ["too short", [until(29)], "30d", "bytes-not-kept"],
  ["nowhere", [], "1d", "bytes-nowhere"],
  ["not asked for", [], undefined, undefined],
])("bytes-kept: %s", (_, locations, kept, code) => {
  const check = () => assertKept(locations, kept, NOW, "v1.0.0");
  if (code === undefined) expect(check).not.toThrow();
  else expect(check).toThrow(code);
});
