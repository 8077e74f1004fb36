/**
 * JSON as the values GitHub's expression package computes with, and back. Where that package differs from the service
 * and the runner (both .NET), the runner's behaviour counts: numbers as text, `env` on Linux, keys such as
 * `constructor`.
 */
import { data } from "@actions/expressions";
import type { ExpressionData } from "@actions/expressions/data/expressiondata";
import { isList, isMapping, type Json } from "./values.ts";

export type KeyMatching = "any-case" | "exact-case";

export function toData(value: Json | undefined, keys: KeyMatching = "any-case"): ExpressionData {
  if (value === null || value === undefined) return new data.Null();
  if (typeof value === "boolean") return new data.BooleanData(value);
  if (typeof value === "number") return new RunnerNumber(value);
  if (typeof value === "string") return new data.StringData(value);
  return isList(value) ? new data.Array(...value.map((item) => toData(item))) : new LazyDictionary(value, keys);
}

export function toJson(value: ExpressionData): Json {
  if (value instanceof LazyDictionary) return value.source;
  if (value instanceof data.Dictionary) {
    return Object.fromEntries(value.pairs().map((pair) => [pair.key, toJson(pair.value)]));
  }
  if (value instanceof data.Array) return value.values().map(toJson);
  if (value instanceof data.NumberData || value instanceof data.BooleanData || value instanceof data.StringData) {
    return value.value;
  }
  return null;
}

/** Contexts can be large (`github.event`); only what an expression reads is converted. */
class LazyDictionary extends data.Dictionary {
  readonly source: Readonly<Record<string, Json>>;
  readonly #keys: KeyMatching;
  readonly #converted = new Map<string, ExpressionData>();
  #spellings: ReadonlyMap<string, string> | undefined;

  constructor(source: Readonly<Record<string, Json>>, keys: KeyMatching) {
    super();
    this.source = source;
    this.#keys = keys;
  }

  override get(key: string): ExpressionData | undefined {
    const spelling = Object.hasOwn(this.source, key) ? key : this.#spelling(key);
    if (spelling === undefined) return undefined;
    const known = this.#converted.get(spelling) ?? toData(this.source[spelling]);
    this.#converted.set(spelling, known);
    return known;
  }

  override values(): ExpressionData[] {
    return this.pairs().map((pair) => pair.value);
  }

  override pairs(): { key: string; value: ExpressionData }[] {
    return Object.keys(this.source).map((key) => ({ key, value: this.get(key) ?? new data.Null() }));
  }

  #spelling(key: string): string | undefined {
    if (this.#keys === "exact-case") return undefined;
    this.#spellings ??= new Map(
      Object.keys(this.source)
        .reverse()
        .map((spelling) => [spelling.toLowerCase(), spelling]),
    );
    return this.#spellings.get(key.toLowerCase());
  }
}

class RunnerNumber extends data.NumberData {
  override coerceString(): string {
    return numberText(this.value);
  }
}

/**
 * A number as the runner formats it: .NET's `G15`, at most 15 significant digits, exponents below -5 and from 15 on.
 */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return "0";
  const [digits = "", exponentText = "0"] = value.toExponential(14).split("e");
  const exponent = Number(exponentText);
  const mantissa = trimZeros(digits);
  if (exponent >= 15 || exponent < -4) {
    return `${mantissa}E${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  return trimZeros(value.toFixed(Math.max(0, 14 - exponent)));
}

function trimZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** The text of any value inside a string: GitHub uses `Object` and `Array` for values without a text form. */
export function valueToText(value: Json): string {
  if (value === null) return "";
  if (typeof value === "number") return numberText(value);
  if (isMapping(value)) return "Object";
  return isList(value) ? "Array" : String(value);
}
