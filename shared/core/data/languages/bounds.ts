/** Bounds and steps, which all languages write in nearly the same way. */
import type { TakeKeyword } from "./keyword.ts";

const isBound = (value: unknown): value is number | string => typeof value === "number" || typeof value === "string";
const BOUNDED: readonly unknown[] = ["integer", "number", "date", "timestamp"];

/** @param key of this suite: `min`, `max`, `above` or `below` */
export const takeBound =
  (key: string): TakeKeyword =>
  (value, draft) => {
    if (!isBound(value)) return "its value is neither a number nor a text";
    if (!BOUNDED.includes(draft["type"])) return `values of type ${String(draft["type"])} have no order here`;
    draft[key] = value;
    return undefined;
  };

/** Draft-04 and ODCS 3.0 write `true` beside a bound, later ones the bound itself. */
export const takeExclusive =
  (key: "above" | "below", inclusive: "min" | "max"): TakeKeyword =>
  (value, draft, all) => {
    if (value === false) return undefined;
    if (value !== true) return takeBound(key)(value, draft, all);
    if (draft[inclusive] === undefined) return `it needs the bound beside it`;
    draft[key] = draft[inclusive];
    delete draft[inclusive];
    return undefined;
  };

/** A step of one is an integer, a step of 0.01 two decimals; others are not checked. */
export const takeStep: TakeKeyword = (value, draft) => {
  if (draft["type"] !== "number" && draft["type"] !== "integer") return "only numbers have steps";
  const decimals = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].find((digits) => Number(`1e-${digits}`) === value);
  if (decimals === undefined) return "only steps of 1, 0.1, 0.01 and so on are checked";
  if (draft["type"] === "number") draft["max-decimals"] = decimals;
  return undefined;
};
