import { describe, expect, test } from "vitest";
import type { GovernanceSources } from "./governance.ts";
import { compileMetadataSchema } from "./metadata-schema.ts";

const schema = {
  path: "governance.schema.json",
  text: `{
  "required": ["risk"],
  "properties": {
    "risk": { "enum": ["low", "high"] },
    "owner": { "pattern": "-team$" },
    "regions": { "type": "array", "items": { "enum": ["eu", "us"] } }
  },
  "not": { "required": ["secret"] }
}`,
};
const none: GovernanceSources = { given: {}, card: {}, fromPolicy: {} };

test("fields that satisfy the schema pass, and its fields are known by name", async () => {
  const { fields, assert } = await compileMetadataSchema(schema);
  expect(fields).toEqual(["risk", "owner", "regions"]);
  expect(() => assert({ owner: "a-team", risk: "low", regions: "eu" }, none)).not.toThrow();
});

test("without a schema everything passes", async () => {
  const { fields, assert } = await compileMetadataSchema(undefined);
  expect(fields).toEqual([]);
  expect(() => assert({ risk: "any" }, none)).not.toThrow();
});

describe("a field that breaks a rule is refused, with the rule's place and where to correct the field", () => {
  test.each<[Partial<GovernanceSources>, number, string, string]>([
    [{}, 2, "field risk is missing", 'Add "risk=…" to the input governance, or "risk:" to the model card'],
    [{ given: { risk: "medium" } }, 4, 'field risk must be "low" or "high"', "remove it in the input governance"],
    [{ card: { risk: "mid" } }, 4, 'field risk must be "low" or "high"', "remove it in the model card"],
    [{ given: { risk: "low" }, fromPolicy: { owner: "me" } }, 5, 'field owner must match "-team$"', 'under "model:"'],
    [{ given: { risk: "low", regions: "uk" } }, 6, 'field regions[0] must be "eu"', "in the input governance"],
    [{ given: { risk: "low", secret: "x" } }, 8, "the set of governance fields is what", "Correct the fields"],
  ])("%j", async (partial, line, message, fix) => {
    const sources = { ...none, ...partial };
    const { assert } = await compileMetadataSchema(schema);
    const refusal = expect.objectContaining({
      kind: "refused",
      problems: [
        {
          code: "metadata-refused",
          message: expect.stringContaining(message),
          place: expect.objectContaining({ file: schema.path, line }),
          fix: expect.stringContaining(fix),
        },
      ],
    });
    expect(() => assert({ ...sources.fromPolicy, ...sources.card, ...sources.given }, sources)).toThrow(refusal);
  });
});

test("what is wrong with the schema itself is said about the schema", async () => {
  await expect(compileMetadataSchema({ ...schema, text: "{" })).rejects.toThrow(
    /governance.schema.json:1:2: .*metadata-schema-not-json/,
  );
});
