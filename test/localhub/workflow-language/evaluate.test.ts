import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import {
  ExpressionError,
  evaluate,
  evaluateBareCondition,
  evaluateBoolean,
  evaluateCondition,
  evaluateNumber,
  evaluateText,
  evaluateTexts,
  type Scope,
} from "./evaluate.ts";
import { numberText } from "./expression-data.ts";
import type { Json } from "./values.ts";

const scope: Scope = {
  contexts: {
    github: {
      ref: "refs/heads/main",
      constructor: "a name objects have",
      event: { commits: [{ id: "c1" }, { id: "c2" }, { message: "without id" }], sender: { name: "kept" } },
    },
    env: { Name: "mixed", NAME: "upper" },
    list: [1, 2],
    nothing: null,
  },
  functions: {
    hashFiles: (...patterns) => `hash of ${JSON.stringify(patterns)}`,
    fails: () => {
      throw new Error("was called");
    },
  },
};

const load = (name: string) => parse(readFileSync(new URL(`../../cases/expressions/${name}`, import.meta.url), "utf8"));

interface ValueCase {
  readonly template: Json;
  readonly value?: Json;
  readonly fault?: string;
}

test.for(load("values.yml") as ValueCase[])("$template", ({ template, value, fault }) => {
  if (fault === undefined) expect(evaluate(template, scope)).toEqual(value);
  else expect(() => evaluate(template, scope)).toThrow(fault);
});

interface ConditionCase {
  readonly if?: string;
  readonly holds: readonly string[];
}

test.for(load("conditions.yml") as ConditionCase[])("if: $if", ({ if: condition, holds }) => {
  const after = (status: string) => {
    const functions = {
      success: () => status === "success",
      failure: () => status === "failure",
      cancelled: () => status === "cancelled",
      always: () => true,
    };
    return evaluateCondition(condition, { ...scope, functions });
  };
  expect(["success", "failure", "cancelled"].filter(after)).toEqual(holds);
});

test("a bare condition gets no `success()`", () => {
  expect(evaluateBareCondition("github.ref == 'refs/heads/main'", scope)).toBe(true);
  expect(evaluateBareCondition("${{ nothing }}", scope)).toBe(false);
});

test("errors carry the expression and its location", () => {
  const error = (() => {
    try {
      return evaluate({ a: ["x ${{ nosuch }}"] }, scope, "jobs.build");
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toBeInstanceOf(ExpressionError);
  expect(error).toMatchObject({ expression: "nosuch", location: "jobs.build.a[0]" });
});

test("booleans and numbers are never made from text (actions/runner: AssertBoolean, AssertNumber)", () => {
  expect(evaluateBoolean("${{ 1 == 1 }}", scope)).toBe(true);
  expect(evaluateBoolean(false, scope)).toBe(false);
  expect(() => evaluateBoolean("${{ 'true' }}", scope)).toThrow("Unexpected value 'true' where a boolean is expected");
  expect(evaluateNumber("${{ fromJSON('30') }}", scope)).toBe(30);
  expect(() => evaluateNumber("${{ '30' }}", scope, "timeout-minutes")).toThrow(
    "timeout-minutes: Unexpected value '30'",
  );
});

test("texts: every value of a mapping, or of the expression that gives it", () => {
  expect(evaluateTexts({ A: "${{ list[0] }}", B: null, C: true }, scope)).toEqual({ A: "1", B: "", C: "true" });
  expect(evaluateTexts("${{ github.event.sender }}", scope)).toEqual({ name: "kept" });
  expect(evaluateTexts(null, scope)).toEqual({});
  expect(() => evaluateTexts("${{ list }}", scope)).toThrow("where a mapping is expected");
});

test("text without an expression stays unchanged, whatever it contains", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }).filter((text) => !text.includes("${{")),
      (text) => {
        expect(evaluate(text, scope)).toBe(text);
        expect(evaluateText(`\${{ '${text.replaceAll("'", "''")}' }}`, scope)).toBe(text);
        expect(evaluateText(`<\${{ '${text.replaceAll("'", "''")}' }}>`, scope)).toBe(`<${text}>`);
      },
    ),
  );
});

test("any JSON is unchanged by fromJSON and toJSON", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const contexts = { text: JSON.stringify(value) };
      const text = evaluateText("${{ toJSON(fromJSON(text)) }}", { contexts });
      expect(JSON.parse(text)).toEqual(JSON.parse(contexts.text));
    }),
  );
});

test("numbers as text keep 15 digits", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = numberText(value);
      expect(Number(text)).toBe(value === 0 ? 0 : Number(value.toPrecision(15)));
      expect(text).toMatch(/^-?\d(?:\.\d+)?E[+-]\d{2,3}$|^-?\d+(?:\.\d+)?$/);
    }),
  );
});

test("an expression that is too long or too deep is refused (expressions: 21,000 characters, depth 50)", () => {
  expect(() => evaluate(`\${{ '${"a".repeat(21_000)}' }}`, scope)).toThrow("Exceeded max expression length");
  expect(() => evaluate(`\${{ ${"(".repeat(60)}1${")".repeat(60)} }}`, scope)).toThrow("Exceeded max expression depth");
});
