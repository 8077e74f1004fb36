import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { ActionError } from "../../problem/problem.ts";
import { parseDispatchDeclaration } from "./dispatch-declaration.ts";
import { prepareDispatchInputs } from "./dispatch-inputs.ts";

interface Case {
  readonly on?: unknown;
  /** The whole file, for cases that are not a workflow. */
  readonly source?: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly sends?: Readonly<Record<string, string>>;
  readonly refused?: readonly string[];
  readonly says?: string;
}

const path = new URL("../../../test/cases/training/dispatch-inputs.yml", import.meta.url);
const cases: readonly Case[] = parse(readFileSync(path, "utf8"));
const FILE = ".github/workflows/train.yml";
const RESERVED = { commit: "COMMIT", request: "REQUEST" };

describe("the inputs that are sent to a workflow", () => {
  test.each(cases.map((one) => [one.source ?? stringify({ on: one.on }), one] as const))("%s", (source, one) => {
    const send = () => prepareDispatchInputs(one.inputs, RESERVED, parseDispatchDeclaration(source, FILE), FILE);
    if (one.sends !== undefined) {
      expect(send()).toEqual(one.sends);
      return;
    }
    const failure = failureOf(send);
    expect(failure.problems.map(({ code }) => code)).toEqual(one.refused);
    expect(failure.problems.every(({ place }) => place?.file === FILE)).toBe(true);
    expect(failure.message).toContain(one.says ?? "");
  });

  test("inputs that GitHub would truncate or refuse are not sent", () => {
    const declared = parseDispatchDeclaration(stringify({ on: { workflow_dispatch: { inputs: { text: {} } } } }), FILE);
    const failure = failureOf(() => prepareDispatchInputs({ text: "x".repeat(70_000) }, RESERVED, declared, FILE));
    expect(failure.problems).toMatchObject([{ code: "dispatch-inputs-too-long" }]);
  });
});

function failureOf(work: () => unknown): ActionError {
  try {
    work();
  } catch (error) {
    if (error instanceof ActionError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}
