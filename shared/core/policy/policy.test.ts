import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { ActionError, formatProblem, type Problem } from "../../problem/problem.ts";
import { expandGates } from "./expand-gates.ts";
import { describePolicyChange } from "./policy-change.ts";
import { readPolicy } from "./read-policy.ts";
import { assertOnBranch, baseOfTestMerge, chooseTrustedRef } from "./trusted-ref.ts";

const load = (name: string) =>
  parse(readFileSync(new URL(`../../../test/cases/policy/${name}`, import.meta.url), "utf8"));

function problemsOf(work: () => unknown): readonly Problem[] {
  try {
    work();
    return [];
  } catch (error) {
    if (error instanceof ActionError) return error.problems;
    throw error;
  }
}

interface Refused {
  readonly policy: string;
  readonly problems: readonly string[];
  readonly says?: string;
}

describe.for(load("refused.yml") as Refused[])("refused: $policy", ({ policy, problems, says }) => {
  const found = problemsOf(() => readPolicy(policy));

  test("every problem at once, each at its place", () => {
    expect(found.map(({ code, place }) => `${place?.line}:${place?.column} ${code}`)).toEqual(problems);
  });

  test("in plain words, with the next step", () => {
    const messages = found.map(formatProblem).join("\n");
    expect(messages).toContain(says ?? "");
    expect(messages).toContain(".github/mlops.yml:");
    expect(messages).not.toMatch(/zod|invalid_|Invalid input|undefined|\[object/);
  });
});

interface Accepted {
  readonly policy: string;
  readonly gates: readonly unknown[];
}

test.for(load("accepted.yml") as Accepted[])("accepted: $policy", ({ policy, gates }) => {
  expect(expandGates(readPolicy(policy))).toEqual(gates);
});

test("what is left out has its default", () => {
  const policy = readPolicy("version: 1\nmodel: {name: m, files: [m.json]}\nenvironments: [{name: staging}]");
  expect(policy).toEqual({
    version: 1,
    gates: [],
    model: { name: "m", files: ["m.json"], require: ["owner", "purpose", "data_sources", "approval_date"] },
    environments: [{ name: "staging", approvals: 0 }],
  });
});

test("any file gives a policy or problems with places", () => {
  const fragments = fc.constantFrom(
    ...'version: 1\n|gates:\n|  - |metric: |mae\n|    better: |lower\n|    max: |3\n|slices: |{|}|[|]|a: |model:\n|  name: |environments:\n|needs: |null|true|2%|"|- '.split(
      "|",
    ),
  );
  fc.assert(
    fc.property(fc.array(fragments, { maxLength: 25 }), (parts) => {
      for (const problem of problemsOf(() => readPolicy(`version: 1\n${parts.join("")}`))) {
        expect(problem.code).toMatch(/^policy-[a-z-]+$/);
        expect(problem.place?.line).toBeGreaterThan(0);
        expect(problem.fix).not.toBe("");
      }
      expect(true).toBe(true);
    }),
    { numRuns: 2_000, seed: 3 },
  );
});

test("a policy with a thousand mistakes names the first twenty, and how many follow", () => {
  const found = problemsOf(() => readPolicy(`version: 1\ngates:\n${"  - {}\n".repeat(500)}`));
  expect(found).toHaveLength(20);
  expect(found.at(-1)?.message).toContain("there are 980 more problems");
});

const COMMITS = { JUDGED: "a".repeat(40), BASE: "b".repeat(40) } as const;

/** The names for commits in the cases, replaced. */
const withCommits = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value).replaceAll(/"(JUDGED|BASE)"/g, (_, name: keyof typeof COMMITS) => `"${COMMITS[name]}"`),
  );

interface RefCase {
  readonly when: { readonly event: string; readonly ref: string; readonly payload?: unknown };
  readonly trusted?: unknown;
  readonly refused?: string;
}

test.for(load("trusted-ref.yml") as RefCase[])("trusted on $when", ({ when, trusted, refused }) => {
  const payload = withCommits(when.payload ?? {}) as Readonly<Record<string, unknown>>;
  const choose = () => chooseTrustedRef({ event: { name: when.event, payload }, ref: when.ref, sha: COMMITS.JUDGED });
  if (refused === undefined) expect(choose()).toEqual(withCommits(trusted));
  else expect(problemsOf(choose).map(({ code }) => code)).toEqual([refused]);
});

test("only a merge of two has a base", () => {
  expect(baseOfTestMerge("m", ["base", "head"])).toBe("base");
  for (const parents of [[], ["head"], ["a", "b", "c"]]) {
    expect(problemsOf(() => baseOfTestMerge("m", parents)).map(({ code }) => code)).toEqual(["policy-no-trusted-ref"]);
  }
});

test.for([
  ["identical", []],
  ["behind", []],
  ["ahead", ["policy-no-trusted-ref"]],
  ["diverged", ["policy-no-trusted-ref"]],
  ["", ["policy-no-trusted-ref"]],
] as const)("a commit that is %s to its branch: %j", ([status, codes]) => {
  expect(problemsOf(() => assertOnBranch("m", "main", status)).map(({ code }) => code)).toEqual(codes);
});

describe("what reviewers read about an edited policy", () => {
  const note = (proposed: string | undefined) =>
    describePolicyChange("mlops.yml", COMMITS.BASE, "version: 1\n", proposed);
  test.for([
    ["the same", "version: 1\n", undefined],
    [
      "another",
      "version: 1\ngates: []\n",
      "edits mlops.yml; it was judged by the policy of its base, bbbbbbb. The edited one applies",
    ],
    ["a broken one", "version: 1\ngates: 7\n", "is not valid: mlops.yml:2:8: gates must be a list"],
    ["not YAML", "[", "is not valid: mlops.yml:1:2"],
    ["none", undefined, "removes mlops.yml"],
  ] as const)("%s", ([, proposed, part]) => {
    if (part === undefined) expect(note(proposed)).toBeUndefined();
    else expect(note(proposed)).toContain(part);
  });
});
