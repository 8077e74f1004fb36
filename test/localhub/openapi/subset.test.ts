import { expect, test } from "vitest";
import { extractSubset, formatDescription } from "./subset.ts";

const from = { package: "@example/openapi", version: "1.0.0", file: "api.json" };
const source = {
  paths: {
    "/things": {
      get: {
        operationId: "things/list",
        summary: "List things",
        externalDocs: { description: "Docs", url: "https://docs.example.test/things" },
        "x-github": { triggersNotification: true, category: "things" },
        responses: {
          "200": {
            description: "Response",
            headers: { Link: {} },
            content: { "application/json": { schema: { $ref: "#/components/schemas/thing" }, examples: {} } },
          },
        },
      },
      post: { operationId: "things/create", responses: { "404": { $ref: "#/components/responses/gone" } } },
    },
  },
  components: {
    schemas: {
      thing: {
        title: "Thing",
        type: "object",
        properties: {
          description: { type: "string", example: "text", description: "Prose" },
          parent: { $ref: "#/components/schemas/thing" },
          kind: { type: "string", enum: ["example"], default: "example" },
        },
        required: ["description"],
      },
      lonely: { type: "string" },
    },
    responses: { gone: { description: "Gone" } },
    parameters: {},
  },
};

test("keeps the operation and everything it refers to, without prose and without anything else", () => {
  const subset = extractSubset(source, ["things/list"], from);
  expect(subset.paths).toEqual({
    "/things": {
      get: {
        operationId: "things/list",
        externalDocs: { url: "https://docs.example.test/things" },
        "x-notifies": true,
        responses: { "200": { content: { "application/json": { schema: { $ref: "#/components/schemas/thing" } } } } },
      },
    },
  });
  expect(subset.components.schemas).toEqual({
    thing: {
      type: "object",
      properties: {
        description: { type: "string" },
        parent: { $ref: "#/components/schemas/thing" },
        kind: { type: "string", enum: ["example"], default: "example" },
      },
      required: ["description"],
    },
  });
  expect(JSON.parse(formatDescription(subset))).toEqual(subset);
});

test.each([
  [
    "an operation GitHub does not have",
    ["things/list", "things/eat"],
    /@example\/openapi 1.0.0 has no operation things\/eat/,
  ],
])("rejects %s", (_, operations, message) => {
  expect(() => extractSubset(source, operations, from)).toThrow(message);
});

test("rejects a reference to a missing component", () => {
  const broken = { ...source, components: { ...source.components, responses: {} } };
  expect(() => extractSubset(broken, ["things/create"], from)).toThrow("#/components/responses/gone does not exist");
});
