/** Findings for other tools: SARIF and JUnit. */
import { parseXml } from "@rgrove/parse-xml";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FindingProblem } from "../core/data/build-data-report.ts";
import { renderDataJunit } from "./data-junit.ts";
import { renderDataSarif } from "./data-sarif.ts";
import { createDataReport } from "./testing.ts";

const found = (message: string, place?: FindingProblem["problem"]["place"], severity: "fail" | "warn" = "fail") => ({
  severity,
  problem: { code: "data-range", message, fix: "Correct the cells", ...(place && { place }) },
});
const { files } = createDataReport();
const FILE = files[0]?.path ?? "";

describe("SARIF", () => {
  test("has a result for each finding, at its line", () => {
    const sarif = JSON.parse(
      renderDataSarif([found("age: too high", { file: FILE, line: 7 }), found("x", { file: FILE }, "warn")]),
    );
    expect(sarif).toMatchObject({ version: "2.1.0", runs: [{ tool: { driver: { name: "check-data" } } }] });
    expect(sarif.runs[0].tool.driver.rules).toEqual([{ id: "data-range", help: { text: "Correct the cells" } }]);
    expect(sarif.runs[0].results).toEqual([
      {
        ruleId: "data-range",
        level: "error",
        message: { text: "age: too high" },
        locations: [{ physicalLocation: { artifactLocation: { uri: "data/visits.csv" }, region: { startLine: 7 } } }],
      },
      expect.objectContaining({
        level: "warning",
        locations: [{ physicalLocation: { artifactLocation: { uri: "data/visits.csv" } } }],
      }),
    ]);
  });
  test("a finding of no file has no location, and none is no result", () => {
    expect(JSON.parse(renderDataSarif([found("shared")])).runs[0].results[0]).not.toHaveProperty("locations");
    expect(JSON.parse(renderDataSarif([])).runs[0].results).toEqual([]);
  });
  test.each(["javascript:alert(1)", "a b#c?d.csv", "https://evil.example/x", "\uD800.csv"])(
    "%j is a relative path",
    (file) => {
      const [{ locations }] = JSON.parse(renderDataSarif([found("x", { file })])).runs[0].results;
      const { uri } = locations[0].physicalLocation.artifactLocation;
      expect(new URL(uri, "file:///workspace/")).toMatchObject({ protocol: "file:", search: "", hash: "" });
    },
  );
});

describe("JUnit", () => {
  const suites = (xml: string) =>
    parseXml(xml).root?.children.flatMap((suite) =>
      suite.type === "element" && "attributes" in suite
        ? [suite as unknown as { attributes: Record<string, string>; text: string }]
        : [],
    ) ?? [];
  test("has a suite for each file, and a test for each finding", () => {
    const xml = renderDataJunit(files, [
      found("age: too high", { file: FILE, line: 7 }),
      found("rare", { file: FILE }, "warn"),
      found("two sets share examples"),
    ]);
    expect(suites(xml).map(({ attributes }) => attributes)).toEqual([
      { name: FILE, tests: "2", failures: "1" },
      { name: "all files", tests: "1", failures: "1" },
    ]);
    expect(xml).toContain(
      '<testcase classname="data/visits.csv" name="data-range:7"><failure type="data-range" message="age: too high">',
    );
    expect(xml).toContain("<system-out>rare</system-out>");
  });
  test("a file without a finding has a test that passed", () => {
    expect(suites(renderDataJunit(files, [])).map(({ attributes }) => attributes)).toEqual([
      { name: FILE, tests: "1", failures: "0" },
    ]);
  });
  test("whatever is in a message or a name stays text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary-ascii" }), (message, path) => {
        const xml = renderDataJunit([{ path, bytes: 1, digest: "", rows: 1 }], [found(message, { file: path })]);
        const [suite, ...others] = suites(xml);
        expect(others).toEqual([]);
        expect(suite?.attributes["tests"]).toBe("1");
        expect(suite?.text.trim()).toBe("Correct the cells");
      }),
      { seed: 5, numRuns: 500 },
    );
  });
});
