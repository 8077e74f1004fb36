import { expect, test } from "vitest";
import { assertMetadata } from "./assert-metadata.ts";

const schema = {
  path: "governance.schema.json",
  text: '{\n  "required": ["risk"],\n  "properties": {\n    "risk": { "enum": ["low", "high"] }\n  }\n}',
};

test("fields that satisfy the schema pass", async () => {
  await expect(assertMetadata({ owner: "team", risk: "low" }, schema)).resolves.toBeUndefined();
});

test.each([
  [{ owner: "team" }, 2, "the governance field risk is missing"],
  [{ risk: "medium" }, 4, 'the governance field risk must be "low" or "high"'],
])("%j is refused, with the rule's place", async (fields, line, message) => {
  await expect(assertMetadata(fields, schema)).rejects.toMatchObject({
    kind: "refused",
    problems: [{ code: "metadata-refused", message, place: { file: schema.path, line } }],
  });
});

test("what is wrong with the schema itself is said about the schema", async () => {
  await expect(assertMetadata({}, { ...schema, text: "{" })).rejects.toThrow(
    /governance.schema.json:1:2: .*metadata-schema-not-json/,
  );
});
