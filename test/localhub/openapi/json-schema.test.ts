import { expect, test } from "vitest";
import { jsonSchemaOf } from "./json-schema.ts";

test.each([
  ["a nullable type", { type: "string", nullable: true }, { type: ["string", "null"] }],
  ["a nullable enum", { type: "string", nullable: true, enum: ["a"] }, { type: ["string", "null"], enum: ["a", null] }],
  [
    "an enum that lists null already",
    { nullable: true, type: "string", enum: [null] },
    { type: ["string", "null"], enum: [null] },
  ],
  [
    "a nullable choice",
    { nullable: true, allOf: [{ $ref: "#/components/schemas/user" }] },
    { anyOf: [{ type: "null" }, { allOf: [{ $ref: "github#/schemas/user" }] }] },
  ],
  [
    "a property that is called nullable",
    { properties: { nullable: { type: "boolean" } } },
    { properties: { nullable: { type: "boolean" } } },
  ],
  ["bytes", { type: "string", format: "binary" }, { type: "string" }],
  ["notes of OpenAPI", { type: "integer", deprecated: true, readOnly: true }, { type: "integer" }],
])("converts %s", (_, openapi, expected) => {
  expect(jsonSchemaOf(openapi)).toEqual(expected);
});
