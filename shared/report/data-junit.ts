/** What check-data found in the form of test results, as JUnit's XML, which CI systems show. */
import type { FindingProblem } from "../core/data/build-data-report.ts";
import type { DataReport } from "../records/data-report.ts";

/** A suite for each file, and one for what concerns several; a test for each finding, or one that passed where there is none. */
export function renderDataJunit(files: DataReport["files"], findings: readonly FindingProblem[]): string {
  const paths = new Set(files.map(({ path }) => path));
  const ofSets = findings.filter(({ problem }) => !paths.has(problem.place?.file ?? ""));
  const suites = [
    ...[...paths].map((path) =>
      renderSuite(
        path,
        findings.filter(({ problem }) => problem.place?.file === path),
      ),
    ),
    ...(ofSets.length > 0 ? [renderSuite("all files", ofSets)] : []),
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="check-data">\n${suites.join("")}</testsuites>\n`;
}

function renderSuite(name: string, findings: readonly FindingProblem[]): string {
  const failures = findings.filter(({ severity }) => severity === "fail").length;
  const tests = Math.max(1, findings.length);
  const passed = `    <testcase classname=${quote(name)} name="contract"/>\n`;
  const cases = findings.length === 0 ? passed : findings.map((finding) => renderCase(name, finding)).join("");
  return `  <testsuite name=${quote(name)} tests="${tests}" failures="${failures}">\n${cases}  </testsuite>\n`;
}

/** A warning is a test that passed, with what it says as its output. */
function renderCase(suite: string, { severity, problem: { code, message, place, fix } }: FindingProblem): string {
  const where = place?.line === undefined ? "" : `:${place.line}`;
  const inner =
    severity === "warn"
      ? `<system-out>${escapeXml(message)}</system-out>`
      : `<failure type=${quote(code)} message=${quote(message)}>${escapeXml(fix)}</failure>`;
  return `    <testcase classname=${quote(suite)} name=${quote(`${code}${where}`)}>${inner}</testcase>\n`;
}

const quote = (text: string): string => `"${escapeXml(text)}"`;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

/** XML 1.0 has no other control characters, in no form: they become the replacement character. */
const escapeXml = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(
      /[&<>"\t\n\r]|[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu,
      (character) => ENTITIES[character] ?? "\uFFFD",
    );
