import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { ActionError, formatProblem, type Problem } from "../../problem/problem.ts";
import { expandGates } from "./expand-gates.ts";
import { POLICY_PATH } from "./policy.ts";
import { describePolicyChange } from "./policy-change.ts";
import { readPolicy } from "./read-policy.ts";
import { assertOnBranch, baseOfTestMerge, chooseTrustedRef } from "./trusted-ref.ts";

/** The one reader that needs no key of the policy: it refuses only what no action may take. */
const read = (text: string) => readPolicy(text, POLICY_PATH, { reader: "train-model" });

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

describe.for([...load("refused.yml"), ...load("refused-2.yml")] as Refused[])(
  "refused: $policy",
  ({ policy, problems, says }) => {
    const found = problemsOf(() => read(policy));

    test("every problem at once, each at its place", () => {
      expect(found.map(({ code, place }) => `${place?.line}:${place?.column} ${code}`)).toEqual(problems);
    });

    test("in plain words, with the next step", () => {
      const messages = found.map(formatProblem).join("\n");
      expect(messages).toContain(says ?? "");
      expect(messages).toContain(".github/mlops.yml:");
      expect(messages).not.toMatch(/zod|invalid_|Invalid input|undefined|\[object/);
    });
  },
);

interface Accepted {
  readonly policy: string;
  readonly gates: readonly unknown[];
}

test.for([...load("accepted.yml"), ...load("accepted-2.yml")] as Accepted[])(
  "accepted: $policy",
  ({ policy, gates }) => {
    const [model] = read(policy).models;
    expect(expandGates(model ?? { gates: [] })).toEqual(gates);
  },
);

test.for([1, 2])("what is left out has its default, in version %d", (version) => {
  const { models, ...policy } = read(
    `version: ${version}\nmodel: {name: m, files: [m.json]}\nenvironments: [{name: staging, approvals: 0}]`,
  );
  expect(models).toEqual([
    {
      model: {
        name: "m",
        files: ["m.json"],
        require: ["owner", "purpose", "data_sources", "approval_date"],
        "release-lines": "major",
      },
      gates: [],
      baseline: [{ from: "first-parent" }],
      waivers: [],
      environments: [
        { name: "staging", needs: [], approvals: 0, "approved-by": "environment", "approval-expires": "7d" },
      ],
      registry: { kind: "git" },
    },
  ]);
  expect(policy).toMatchObject({ version, trust: { level: "advisory", "release-branches": [] } });
});

test("any file gives a policy or problems with places", () => {
  const fragments = fc.constantFrom(
    ...'version: 1\n|gates:\n|  - |metric: |mae\n|    better: |lower\n|    max: |3\n|slices: |{|}|[|]|a: |model:\n|  name: |environments:\n|needs: |models:\n|data:\n|baseline:\n|from: |waivers:\n|approvals: 1\n|null|true|2%|"|- '.split(
      "|",
    ),
  );
  fc.assert(
    fc.property(fc.array(fragments, { maxLength: 25 }), (parts) => {
      for (const version of [1, 2]) {
        for (const problem of problemsOf(() => read(`version: ${version}\n${parts.join("")}`))) {
          expect(problem.code).toMatch(/^policy-[a-z-]+$/);
          expect(problem.place?.line).toBeGreaterThan(0);
          expect(problem.fix).not.toBe("");
        }
      }
      expect(true).toBe(true);
    }),
    { numRuns: 2_000, seed: 3 },
  );
});

test("a policy with a thousand mistakes names the first twenty, and how many follow", () => {
  const found = problemsOf(() => read(`version: 1\ngates:\n${"  - {}\n".repeat(500)}`));
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

describe("an edited policy", () => {
  const change = (proposed: string | undefined) =>
    describePolicyChange("mlops.yml", COMMITS.BASE, "version: 1\n", proposed, { reader: "gate-metrics" });

  test("that is valid is told to reviewers", () => {
    expect(change("version: 1\n")).toBeUndefined();
    expect(change("version: 1\ngates: []\n")).toEqual({
      note: "This change edits mlops.yml; it was judged by the policy of its base, bbbbbbb. The edited one applies after the merge.",
    });
  });

  test.for([
    ["a broken one", "version: 1\ngates: 7\n", "breaks mlops.yml: gates must be a list", 2],
    ["not YAML", "[", "breaks mlops.yml: ", 1],
    ["of a newer version", "version: 3\n", "breaks mlops.yml: version is 3, but this release of gate-metrics", 1],
    [
      "with a key that is not there yet",
      "version: 2\ntrust: {metric-sources: [training-record]}\n",
      "gate-metrics would have to ignore it",
      2,
    ],
    ["none", undefined, "removes mlops.yml", undefined],
  ] as const)("is broken: %s", ([, proposed, part, line]) => {
    const { broken, note = "" } = change(proposed) ?? {};
    expect(broken).toMatchObject({ code: "policy-broken", message: expect.stringContaining(part) });
    expect(broken?.place?.line).toBe(line);
    expect(note).toMatch(proposed === undefined ? /removes mlops.yml/ : /is not valid/);
  });
});
