/** Holds version 1 to what releases 1.x accept: their schema was kept when version 2 came, and is compared with ours. */
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readYaml } from "../../text/yaml/read-yaml.ts";
import { toPolicy, upgradePolicy } from "./policy.ts";
import { policy1 } from "./policy-1.ts";
import { policy2 } from "./policy-2.ts";
import { policyProblems } from "./policy-problems.ts";

const frozen = JSON.parse(
  readFileSync(new URL("../../../test/fixture/frozen/policy-1.json", import.meta.url), "utf8"),
) as object;
const acceptedBefore = new Ajv2020({ strict: false }).compile(frozen);
const fillDefaults = new Ajv2020({ strict: false, useDefaults: true }).compile(frozen);

const word = fc.constantFrom("visits", "staging", "production", "a-1");
const odd = fc.constantFrom<unknown>(
  "",
  "Ünï",
  "a\nb",
  "../x",
  "2%",
  "2 %",
  "auto",
  -1,
  0.5,
  7,
  null,
  true,
  [],
  {},
  [1],
);
/** Mostly what is right. */
const or = (right: fc.Arbitrary<unknown>) => fc.oneof({ weight: 24, arbitrary: right }, { weight: 1, arbitrary: odd });
const optional = (model: Record<string, fc.Arbitrary<unknown>>, ...required: readonly string[]) => {
  const values = Object.fromEntries(Object.entries(model).map(([key, value]) => [key, or(value)]));
  return fc.record(values, { requiredKeys: [...required] });
};
const limit = fc.oneof(fc.double({ min: -1000, max: 1000, noNaN: true }), fc.nat(5));
const rule = { min: limit, max: limit, "max-regression": fc.constantFrom(0, 0.02, "2%", "1.5%") };
const paths = fc.array(fc.constantFrom("model.json", "data/**/*.csv"), { maxLength: 2 });
const policy = optional(
  {
    version: fc.constant(1),
    data: optional({ contract: fc.constant("c.yml"), files: paths }, "contract", "files"),
    gates: fc.array(
      optional(
        {
          metric: word,
          better: fc.constantFrom("higher", "lower"),
          ...rule,
          slices: fc.dictionary(word, optional(rule), { maxKeys: 2 }),
        },
        "metric",
        "better",
      ),
      { maxLength: 3 },
    ),
    model: optional(
      { name: word, files: paths, require: fc.constant(["owner"]), owner: word, purpose: word, data_sources: word },
      "name",
      "files",
    ),
    environments: fc.array(optional({ name: word, needs: word, approvals: fc.nat(7) }, "name"), { maxLength: 3 }),
    trust: fc.constant({}),
  },
  "version",
).map(({ trust, ...rest }) => (trust !== undefined && rest["gates"] === undefined ? { ...rest, trust } : rest));

/** What 1.x found wrong in a policy that its schema accepts. */
const OLD_CODES = [
  "policy-gate-without-rule",
  "policy-duplicate-gate",
  "policy-contradictory-thresholds",
  "policy-wrong-direction",
  "policy-rule-without-effect",
  "policy-duplicate-environment",
  "policy-unknown-environment",
  "policy-circular-environments",
];

test("what 1.x accepts is accepted, with the same meaning, and nothing else", () => {
  const counts = { accepted: 0, refused: 0 };
  fc.assert(
    fc.property(policy, (value) => {
      const read = policy1.safeParse(value);
      expect(read.success).toBe(acceptedBefore(value));
      counts[read.success ? "accepted" : "refused"] += 1;
      if (!read.success) return;
      const before = structuredClone(value);
      fillDefaults(before);
      const file = upgradePolicy(read.data);
      const { models } = toPolicy(file, 1);
      expect(models.map(asVersion1)).toEqual([before]);
      const document = readYaml(JSON.stringify(value), "mlops.yml", "policy");
      for (const { code } of policyProblems(file, document)) expect(OLD_CODES).toContain(code);
      // Version 2 accepts it too, but for the two keys that are different there.
      const environments = read.data.environments.map(({ needs, ...rest }) => ({
        ...rest,
        needs: needs ? [needs] : [],
      }));
      expect(policy2.safeParse({ ...value, version: 2, environments }).success).toBe(true);
    }),
    { seed: 4, numRuns: 2000 },
  );
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(300);
});

function asVersion1({ model, data, gates, environments, ...others }: ReturnType<typeof toPolicy>["models"][number]) {
  expect(others).toEqual({ baseline: [{ from: "first-parent" }], waivers: [], registry: { kind: "git" } });
  const { "release-lines": lines, ...described } = model ?? { "release-lines": "major" };
  const { unchanged, ...checked } = data ?? { unchanged: "check" };
  expect([lines, unchanged]).toEqual(["major", "check"]);
  return {
    version: 1,
    ...(model === null ? {} : { model: described }),
    ...(data === undefined ? {} : { data: checked }),
    gates: gates.map(({ severity, ...gate }) => {
      expect(severity).toBe("fail");
      return gate;
    }),
    environments: environments.map(({ name, needs: [need], approvals }) => ({
      name,
      approvals,
      ...(need === undefined ? {} : { needs: need }),
    })),
  };
}
