import { expect, test } from "vitest";
import { costOf, readPrice } from "./price.ts";

test.each([
  ["2.50 USD", { perHour: 2.5, currency: "USD" }],
  ["30EUR", { perHour: 30, currency: "EUR" }],
  ["  ", undefined],
])("%s is a price, or none", (text, price) => {
  expect(readPrice(text)).toEqual(price);
});

test.each(["2.50", "$2.50", "-1 USD", "1e9 USD", "2,50 EUR", "2 usd", "NaN USD"])("%s is refused", (text) => {
  expect(() => readPrice(text)).toThrow("price-invalid");
});

test("a cost is the price of the whole time", () => {
  expect(costOf({ perHour: 3, currency: "USD" }, 5_400)).toEqual({ amount: 4.5, perHour: 3, currency: "USD" });
});
