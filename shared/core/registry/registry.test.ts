import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { ActionError } from "../../problem/problem.ts";
import { digestOf } from "../../records/testing.ts";
import { collectGovernance, type GovernanceSources } from "./governance.ts";
import { computeModelDigest } from "./model-digest.ts";
import { setOddTagsAside } from "./odd-tags.ts";
import { findVersionTags, placeInLine } from "./registration.ts";
import type { ReleaseLines } from "./release-line.ts";
import { assignmentTagName, parseTagName, type RegistryTag, tagPrefixes, versionTagName } from "./tag-name.ts";
import { compareVersions, parseVersion, parseVersionOrThrow } from "./version.ts";

const casesIn = (name: string) =>
  parse(readFileSync(new URL(`../../../test/cases/registry/${name}`, import.meta.url), "utf8"));

const problemCodes = (work: () => unknown): readonly string[] => {
  try {
    work();
    return [];
  } catch (error) {
    if (error instanceof ActionError) return error.problems.map(({ code }) => code);
    throw error;
  }
};

describe("names of tags", () => {
  test.for(casesIn("names.yml") as readonly (readonly [string, RegistryTag | null])[])("%s", ([name, expected]) => {
    expect(parseTagName(name) ?? null).toEqual(expected);
  });

  const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
  const number = fc.nat(100);
  test("a written name is parsed again", () => {
    fc.assert(
      fc.property(word, word, number, number, number, (model, environment, a, b, c) => {
        const version = `v${a}.${b}.${c}`;
        expect(parseTagName(versionTagName(model, version))).toEqual({ kind: "version", model, version });
        const assignment = { kind: "assignment", model, environment, number: a + 1 };
        expect(parseTagName(assignmentTagName(model, environment, a + 1))).toEqual(assignment);
      }),
      { seed: 1 },
    );
  });

  test("a name with a typing error is another name or none", () => {
    const names = ["visits@v1.2.0", "visits@v1.2.0!", "visits#production#3", "a@v0.0.0-rc.1"];
    const typo = fc.tuple(fc.constantFrom(...names), fc.nat(20), fc.constantFrom(..."a0@#!v. +=-\n/"));
    fc.assert(
      fc.property(typo, ([name, at, letter]) => {
        const changed = `${name.slice(0, at)}${letter}${name.slice(at + (at % 2))}`;
        const tag = parseTagName(changed);
        const written =
          tag === undefined || tag.kind === "withdrawal" || tag.kind === "odd"
            ? changed
            : tag.kind === "version"
              ? versionTagName(tag.model, tag.version)
              : assignmentTagName(tag.model, tag.environment, tag.number);
        expect(written).toBe(changed);
      }),
      { seed: 2, numRuns: 2000 },
    );
  });
});

describe("the order of versions", () => {
  test("is that of SemVer's own example", () => {
    const order = ["alpha", "alpha.1", "alpha.beta", "beta", "beta.2", "beta.11", "rc.1"].map((pre) => `v1.0.0-${pre}`);
    const all = [...order, "v1.0.0", "v1.0.1", "v1.2.0", "v1.10.0", "v2.0.0"].map(parseVersionOrThrow);
    for (const [i, a] of all.entries()) {
      for (const [j, b] of all.entries()) expect(Math.sign(compareVersions(a, b))).toBe(Math.sign(i - j));
    }
  });

  const identifier = fc.constantFrom("0", "1", "10", "a", "-", "1a", "rc");
  const version = fc
    .tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.array(identifier, { maxLength: 3 }))
    .map(([a, b, c, pre]) => `v${a}.${b}.${c}${pre.length > 0 ? `-${pre.join(".")}` : ""}`);
  test("is total: transitive, antisymmetric, equal only for one text", () => {
    fc.assert(
      fc.property(version, version, version, (...texts) => {
        const [a, b, c] = texts.map(parseVersionOrThrow);
        if (a === undefined || b === undefined || c === undefined) throw new Error("three versions");
        expect(Math.sign(compareVersions(a, b)) + Math.sign(compareVersions(b, a))).toBe(0);
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) {
          expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
        }
        expect(compareVersions(a, b) === 0).toBe(texts[0] === texts[1]);
      }),
      { seed: 3, numRuns: 2000 },
    );
  });

  test("numbers that are too large to be exact are not versions", () => {
    expect(parseVersion(`v1.${"9".repeat(16)}.0`)).toBeUndefined();
  });
});

describe("whether a version can be registered", () => {
  const names = ["visits@v1.0.0", "visits@v1.2.0-rc.1", "visits@v2.0.0", "visits@v0.9.0", "visits@v0.9.0!"];
  const tags = [...names, "visits#staging#1"].map((name) => ({ name, object: "a".repeat(40), annotated: true }));
  const place = (version: string, lines: ReleaseLines) => {
    const { notBefore } = findVersionTags("visits", version, tags);
    const versions = notBefore.map(({ name }) => name.replace("visits@", ""));
    return placeInLine("visits", version, versions, lines);
  };
  test.for([
    ["v2.0.1", "none", undefined],
    ["v2.0.1", "major", { name: "v2" }],
    ["v1.2.0", "major", { name: "v1", behind: "v2.0.0" }],
    ["v1.2.0-rc.2", "major", { name: "v1", behind: "v2.0.0" }],
    ["v1.0.1", "minor", { name: "v1.0", behind: "v2.0.0" }],
  ] as const)("%s with lines %s", ([version, lines, line]) => {
    expect(place(version, lines)).toEqual(line);
  });
  test.for([
    ["v1.3.0", "none", "version-not-greater"],
    ["v1.1.0", "major", "version-not-greater"],
    ["v0.1.0", "major", "version-not-greater"],
    ["v1.0.0-rc.1", "minor", "version-not-greater"],
    ["v0.9.0", "major", "version-withdrawn"],
    ["1.3.0", "major", "version-malformed"],
    ["latest", "major", "version-malformed"],
  ] as const)("not %s with lines %s", ([version, lines, code]) => {
    expect(problemCodes(() => place(version, lines))).toEqual([code]);
  });
  test("an existing one is returned, to be compared", () => {
    expect(findVersionTags("visits", "v1.0.0", tags).existing?.name).toBe("visits@v1.0.0");
    expect(findVersionTags("other", "v0.0.1", tags)).toEqual({ existing: undefined, notBefore: [] });
  });
  test("what is no version says how to write it", () => {
    expect(() => parseVersionOrThrow("1.3.0")).toThrow("Write it as v1.3.0");
    expect(() => parseVersionOrThrow("v1.0")).toThrow("Write it as v1.2.0 or v1.2.0-rc.1");
  });
});

test("tags that look like those of the model and are not are set aside and named", () => {
  const tag = (name: string, annotated: boolean) => ({ name, object: "a".repeat(40), annotated });
  const real = [tag("visits@v1.0.0", true), tag("visits@v0.9.0!", true), tag("visits#staging#1", true)];
  const odd = [
    tag("visits@v999.0.0", false),
    tag("visits@v1.0.0!", false),
    tag("visits#production#9", false),
    tag("visits#=73taging#1", true),
  ];
  const sorted = setOddTagsAside([...odd, ...real]);
  expect(sorted.tags).toEqual(real);
  expect(sorted.odd.map(({ code }) => code)).toEqual([
    "tag-not-annotated",
    "tag-not-annotated",
    "tag-not-annotated",
    "assignment-tag-odd",
  ]);
  for (const [index, { name }] of odd.entries()) expect(sorted.odd[index]?.message).toContain(name);
});

describe("the digest of a model", () => {
  const file = fc.record({
    path: fc.string({ minLength: 1 }),
    bytes: fc.nat(),
    digest: fc.stringMatching(/^sha256:[0-9a-f]{64}$/),
  });
  const files = fc.uniqueArray(file, { selector: ({ path }) => path, minLength: 1, maxLength: 6 });
  test("depends on everything but the order of the files", () => {
    fc.assert(
      fc.property(files, fc.nat(), (model, seed) => {
        const digest = computeModelDigest(model, digestOf);
        expect(computeModelDigest([...model].reverse(), digestOf)).toBe(digest);
        const [changed, ...rest] = [...model.slice(seed % model.length), ...model.slice(0, seed % model.length)];
        if (changed === undefined) throw new Error("a file");
        expect(computeModelDigest([...rest, { ...changed, bytes: changed.bytes + 1 }], digestOf)).not.toBe(digest);
        expect(computeModelDigest([...rest, { ...changed, path: `${changed.path}/` }], digestOf)).not.toBe(digest);
        expect(computeModelDigest(rest, digestOf)).not.toBe(digest);
      }),
      { seed: 4, numRuns: 200 },
    );
  });
  test("is the same in all releases", () => {
    const model = [{ path: "model.json", bytes: 2, digest: digestOf("{}") }];
    const expected = digestOf(`[{"bytes":2,"digest":"${digestOf("{}")}","path":"model.json"}]`);
    expect(computeModelDigest(model, digestOf)).toBe(expected);
  });
});

interface GovernanceCase extends Partial<GovernanceSources> {
  readonly name: string;
  readonly require: readonly string[];
  readonly fields?: Readonly<Record<string, string>>;
  readonly refused?: readonly string[];
  readonly says?: readonly string[];
}

describe("governance", () => {
  test.for(casesIn("governance.yml") as readonly GovernanceCase[])("$name", (one) => {
    const collect = () =>
      collectGovernance(
        one.require,
        { given: one.given ?? {}, card: one.card ?? {}, fromPolicy: one.fromPolicy ?? {} },
        "2026-06-15",
      );
    expect(problemCodes(collect)).toEqual(one.refused ?? []);
    if (one.refused === undefined) expect(collect()).toEqual(one.fields);
    for (const word of one.says ?? []) expect(collect).toThrow(`the governance field ${word} is missing`);
  });
});

test("of many tags, the needed ones are asked for by what their names begin with", () => {
  const asked = (from: number, to: number) =>
    tagPrefixes("visits", { versions: ["v1.0.0"], assignments: [{ environment: "prod/eu", from, to }] });
  expect(asked(80, 99)).toEqual(["visits@v1.0.0", "visits#prod=2Feu#"]);
  expect(asked(80, 101)).toEqual(["visits@v1.0.0", "visits#prod=2Feu#"]);
  expect(asked(1_180, 1_201)).toEqual(["visits@v1.0.0", "visits#prod=2Feu#11", "visits#prod=2Feu#12"]);
  // Every number between is a name that one of them begins.
  for (let number = 1_180; number <= 1_201; number++)
    expect(
      asked(1_180, 1_201).some((prefix) => assignmentTagName("visits", "prod/eu", number).startsWith(prefix)),
    ).toBe(true);
});
