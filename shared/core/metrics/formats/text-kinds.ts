/** Kinds of files that are no tables and no objects: Prometheus, JUnit, model cards, MLflow's files. */
import { parseXml, type XmlElement, XmlError } from "@rgrove/parse-xml";
import { userError } from "../../../problem/problem.ts";
import { quoteText } from "../../../text/document/document.ts";
import { parseForeignYaml } from "../../../text/yaml/parse-foreign-yaml.ts";
import { type FoundValue, isFiniteNumber, isList, valueAt } from "./format.ts";
import { toValue } from "./table.ts";

const SAMPLE = /^([A-Za-z_:][\w:]*)(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})?\s+(\S+)(?:\s+-?\d+)?$/;
/** Far above what is scraped; a much longer line would overflow the stack. */
const MAX_SAMPLE_LENGTH = 65_536;
const LABEL = /([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** Whether most lines are samples or comments of the Prometheus text format. */
export const isPrometheus = (text: string): boolean =>
  /^# (?:TYPE|HELP) /m.test(text) || text.split("\n").some((line) => /^[A-Za-z_:][\w:]*\{[^}]*\}\s+\S+/.test(line));

/** Labels become the slice; buckets of histograms, and when a series was created, are left out. */
export function readPrometheus(text: string, file: string): readonly FoundValue[] {
  return text.split(/\r?\n/).flatMap((line, at): readonly FoundValue[] => {
    const sample = line.length > MAX_SAMPLE_LENGTH ? undefined : SAMPLE.exec(line.trim());
    const [, name = "", labels = "", value = ""] = sample ?? [];
    if (name === "" || /_(?:bucket|created)$/.test(name)) return [];
    const pairs = [...labels.matchAll(LABEL)].map(([, label = "", text = ""]) => [label, text] as const);
    const place = () => ({ file, line: at + 1 });
    return [{ name, slice: sliceOf(pairs), value: toValue(value).value, place }];
  });
}

function sliceOf(labels: readonly (readonly [string, string])[]): string | null {
  const [only] = labels;
  if (only === undefined) return null;
  const unescapeLabel = (text: string): string =>
    text.replace(/\\(.)/g, (_, letter) => (letter === "n" ? "\n" : letter));
  return labels.length === 1
    ? unescapeLabel(only[1])
    : labels.map(([label, text]) => `${label}=${unescapeLabel(text)}`).join(",");
}

/** JUnit XML: properties that are numbers, and how many tests passed. @throws ActionError `metrics-not-xml` */
export function readJUnit(text: string, file: string): readonly FoundValue[] {
  const root = parseXmlOrThrow(text, file);
  const place = () => ({ file });
  if (root.name === "coverage") return readCoverage(root, place);
  const cases = elementsBelow(root).filter(({ name }) => name === "testcase");
  const properties = elementsBelow(root).filter(({ name }) => name === "property");
  if (cases.length === 0 && properties.length === 0 && !root.name.startsWith("testsuite")) {
    throw userError({
      code: "metrics-unknown-kind",
      message: `it is XML, but neither JUnit's nor Cobertura's: it begins with ${quoteText(root.name)}`,
      place: place(),
      fix: "Write JUnit XML with properties, or JSON, YAML or CSV",
    });
  }
  const measured = properties.map(({ attributes, text: inside }) => ({
    name: attributes["name"] ?? "",
    value: toValue(attributes["value"] ?? inside.trim()).value,
    place,
  }));
  const failed = cases.filter((one) => childrenOf(one).some(({ name }) => name === "failure" || name === "error"));
  const skipped = cases.filter((one) => childrenOf(one).some(({ name }) => name === "skipped"));
  const run = cases.length - skipped.length;
  const counts = { "tests.run": run, "tests.failed": failed.length, "tests.skipped": skipped.length };
  return [
    ...measured,
    ...(cases.length === 0 ? [] : Object.entries(counts).map(([name, value]) => ({ name, value, place }))),
    ...(run === 0 ? [] : [{ name: "tests.pass_rate", value: (run - failed.length) / run, n: run, place }]),
  ];
}

/** Cobertura's coverage, as coverage.py writes it: what it says about everything. */
function readCoverage({ attributes }: XmlElement, place: FoundValue["place"]): readonly FoundValue[] {
  return Object.entries(attributes).flatMap(([name, text]) =>
    /^(?:lines|branches)-|-rate$/.test(name) ? [{ name, value: toValue(text).value, place }] : [],
  );
}

function parseXmlOrThrow(text: string, file: string): XmlElement {
  const refuse = (message: string, line: number) =>
    userError({ code: "metrics-not-xml", message, place: { file, line }, fix: "Write the whole file again" });
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) throw refuse("it declares a document type, which no result needs", 1);
  try {
    const { root } = parseXml(text);
    if (root !== null) return root;
  } catch (error) {
    if (error instanceof XmlError) throw refuse("it is not well-formed XML", error.line);
    if (error instanceof RangeError) throw refuse("it is nested too deep", 1);
    throw error;
  }
  throw refuse("it has no element", 1);
}

const childrenOf = ({ children }: XmlElement): readonly XmlElement[] =>
  children.filter((child): child is XmlElement => child.type === "element");

function elementsBelow(root: XmlElement): readonly XmlElement[] {
  const all: XmlElement[] = [];
  const waiting = [root];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    all.push(next);
    for (const child of childrenOf(next).toReversed()) waiting.push(child);
  }
  return all;
}

const FRONT_MATTER = /^---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/;
const MAX_FRONT_MATTER = 1024 * 1024;

/** The `model-index` of a Hugging Face model card. A metric of several datasets is a slice for each. */
export function readModelIndex(text: string, file: string): readonly FoundValue[] {
  const card = parseForeignYaml(FRONT_MATTER.exec(text)?.[1] ?? "", MAX_FRONT_MATTER);
  const results = asList(valueAt(card, "model-index")).flatMap((model) => asList(valueAt(model, "results")));
  const values = results.flatMap((result) =>
    asList(valueAt(result, "metrics")).map((metric) => ({
      name: String(valueAt(metric, "type") ?? valueAt(metric, "name") ?? ""),
      dataset: String(valueAt(result, "dataset", "name") ?? valueAt(result, "dataset", "type") ?? ""),
      value: valueAt(metric, "value"),
    })),
  );
  const counts = Map.groupBy(values, ({ name }) => name);
  return values.map(({ name, dataset, value }) => {
    const isOnly = counts.get(name)?.length === 1;
    const number = typeof value === "string" ? toValue(value).value : value;
    return { name, slice: isOnly || dataset === "" ? null : dataset, value: number, place: () => ({ file, line: 1 }) };
  });
}

const asList = (value: unknown): readonly unknown[] => (isList(value) ? value : []);

/** Since MLflow 3 with the run and the data set behind, for a logged model. */
const MLFLOW_LINE = /^(\d{9,}) (\S+) (\d+)(?: \S+){0,3}$/;

/** A metric of MLflow's file store, `mlruns/<experiment>/<run>/metrics/<name>`, or of a logged model: lines of time, value and step. */
export const isMlflowFile = (text: string, path: string): boolean =>
  /(?:^|\/)metrics\/[^/]/.test(path) &&
  text
    .trim()
    .split("\n")
    .every((line) => MLFLOW_LINE.test(line.trim()));

export function readMlflowFile(text: string, path: string): readonly FoundValue[] {
  const lines = text.trim().split("\n");
  const samples = lines.map((line) => MLFLOW_LINE.exec(line.trim()) ?? []);
  const last = samples.reduce((newest, sample) => (Number(sample[3]) >= Number(newest[3] ?? 0) ? sample : newest), []);
  const step = Number(last[3]);
  const name = /(?:^|\/)metrics\/(.+)$/.exec(path)?.[1] ?? path;
  const place = () => ({ file: path, line: samples.indexOf(last) + 1 });
  return [{ name, value: toValue(last[2] ?? "").value, ...(isFiniteNumber(step) && { step }), place }];
}
