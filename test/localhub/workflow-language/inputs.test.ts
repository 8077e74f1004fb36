import { expect, test } from "vitest";
import { resolveCallInputs, resolveDispatchInputs } from "./inputs.ts";
import type { InputDefinition } from "./model.ts";
import type { Json } from "./values.ts";

const define = (definition: Partial<InputDefinition>): InputDefinition => ({
  type: "string",
  description: undefined,
  required: false,
  default: undefined,
  options: [],
  ...definition,
});

const dispatchInputs = {
  name: define({ required: true }),
  level: define({ type: "choice", options: ["info", "debug"], default: "info" }),
  dry: define({ type: "boolean" }),
  count: define({ type: "number", default: 3 }),
  place: define({ type: "environment" }),
  stage: define({ required: true, default: "test" }),
};

test("fills in a dispatch: typed for `inputs`, as text for `github.event.inputs`", () => {
  expect(resolveDispatchInputs(dispatchInputs, { name: "a", dry: true, count: 7 })).toEqual({
    kind: "resolved",
    inputs: { name: "a", level: "info", dry: true, count: 7, place: "", stage: "test" },
    texts: { name: "a", level: "info", dry: "true", count: "7", place: "", stage: "test" },
  });
  expect(resolveDispatchInputs(dispatchInputs, { name: "a", dry: "true", count: "1.5", level: "debug" })).toMatchObject(
    {
      inputs: { dry: true, count: 1.5, level: "debug" },
    },
  );
  expect(resolveDispatchInputs({}, {})).toEqual({ kind: "resolved", inputs: {}, texts: {} });
});

test.for<[Readonly<Record<string, unknown>>, string]>([
  [{ name: "a", action: 1, arg: 2 }, 'Unexpected inputs provided: ["action", "arg"]'],
  [{ name: "a", constructor: 1 }, 'Unexpected inputs provided: ["constructor"]'],
  [{}, "Required input 'name' not provided"],
  [{ name: "" }, "Required input 'name' not provided"],
  [{ name: null }, "Required input 'name' not provided"],
  [{ name: "a", level: "loud" }, "Provided value 'loud' for input 'level' not in the list of allowed values"],
  [{ name: "a", dry: "yes" }, "Provided value 'yes' for input 'dry' not in the list of allowed values"],
  [{ name: "a", count: "many" }, "Provided value 'many' for input 'count' is not a number"],
  [{ name: { a: 1 } }, "Provided value for input 'name' must be a string, a number or a boolean"],
])("rejects the dispatch inputs %j", ([given, message]) => {
  expect(resolveDispatchInputs(dispatchInputs, given)).toEqual({ kind: "refused", message });
});

const callInputs = {
  name: define({ required: true }),
  Fast: define({ type: "boolean" }),
  count: define({ type: "number", default: "${{ github.run_number }}" }),
  text: define({}),
};
const evaluateDefault = (template: Json) => (template === "${{ github.run_number }}" ? 41 : template);

test("fills in a call: evaluated defaults, and the empty value of each type", () => {
  expect(resolveCallInputs(callInputs, { NAME: "a" }, evaluateDefault)).toMatchObject({
    kind: "resolved",
    inputs: { name: "a", Fast: false, count: 41, text: "" },
  });
  // Numbers and booleans become text where text is expected, never the other way round.
  expect(resolveCallInputs(callInputs, { name: 3, fast: true, count: 0, text: false }, evaluateDefault)).toMatchObject({
    inputs: { name: "3", Fast: true, count: 0, text: "false" },
  });
});

test.for<[Readonly<Record<string, Json>>, string]>([
  [{}, "Input name is required, but not provided while calling."],
  [{ name: "a", other: 1 }, "Invalid input, other is not defined in the referenced workflow."],
  [{ name: "a", Fast: "true" }, "Unexpected value 'true': input Fast must be a boolean"],
  [{ name: "a", count: "1" }, "Unexpected value '1': input count must be a number"],
  [{ name: ["a"] }, "Unexpected value 'Array': input name must be a string"],
])("rejects the call inputs %j", ([given, message]) => {
  expect(resolveCallInputs(callInputs, given, evaluateDefault)).toEqual({ kind: "refused", message });
});
