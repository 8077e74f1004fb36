/** Rules between the cells of a row: what they say of rows, and what is wrong with them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileContract } from "../compile-contract.ts";
import { contract } from "../contract.ts";
import { compileRule } from "./compile-rule.ts";
import { RuleError } from "./rule-error.ts";

const { columns } = compileContract(
  contract.parse({
    version: 1,
    columns: [
      { name: "id", type: "integer" },
      { name: "price", type: "number" },
      { name: "count", type: "integer" },
      { name: "total", type: "number" },
      { name: "plan", type: "string" },
      { name: "unit price", type: "number" },
      { name: "and", type: "integer" },
      { name: "active", type: "boolean" },
      { name: "start", type: "date" },
      { name: "end", type: "date" },
      { name: "seen", type: "timestamp" },
      { name: "logged", type: "timestamp", offset: "required" },
    ],
  }),
);

/** Cells by column; what is left out is null. */
type Row = Readonly<Record<string, string>>;

function holds(rule: string, row: Row): boolean {
  const { columns: names, isSatisfiedBy } = compileRule(rule, columns);
  const read = (name: string, cell: string) => columns.find((each) => each.name === name)?.cellType.read(cell);
  return isSatisfiedBy(names.map((name) => (row[name] === undefined ? null : (read(name, row[name]) ?? null))));
}

test.for<[string, Row, boolean]>([
  ["start <= end", { start: "2024-01-31", end: "2024-02-01" }, true],
  ["start <= end", { start: "2024-02-02", end: "2024-02-01" }, false],
  ["start <= end", { start: "2024-02-02" }, true],
  ["start < '2024-01-01'", { start: "2023-12-31" }, true],
  ["'2024-01-01' > start", { start: "2024-01-01" }, false],
  ["seen >= start", { seen: "2024-01-01 00:00:00", start: "2024-01-01" }, true],
  ["seen >= start", { seen: "2023-12-31T23:59:59", start: "2024-01-01" }, false],
  ["logged = '2024-01-01T10:00:00+02:00'", { logged: "2024-01-01T08:00:00Z" }, true],
  ["total = price * count", { total: "0.3", price: "0.1", count: "3" }, true],
  ["total = price * count", { total: "0.30000000000000004", price: "0.1", count: "3" }, false],
  ["total = price + 2 * count - 1", { total: "8.5", price: "1.5", count: "4" }, true],
  ["total - -1 = 3", { total: "2.0" }, true],
  ["(total - 1) * 2 = 4", { total: "3" }, true],
  ["id = 9007199254740993", { id: "9007199254740992" }, false],
  ["price * price < 1e308", { price: "1e200" }, false],
  ["price > 1e-300 * count", { price: "1e300", count: "1" }, true],
  ["if plan = 'free' then total = 0", { plan: "free", total: "1" }, false],
  ["if plan = 'free' then total = 0", { plan: "paid", total: "1" }, true],
  ["if plan = 'free' then total = 0", { plan: "free" }, true],
  ["if plan is null then total is null", { total: "1" }, false],
  ["if plan = 'a' then if count = 1 then total = 1", { plan: "a", count: "1", total: "2" }, false],
  ["plan is not null", {}, false],
  ["not plan is null", { plan: "" }, true],
  ["plan in ('free', 'it''s')", { plan: "it's" }, true],
  ["plan not in ('free', 'paid')", { plan: "paid" }, false],
  ["plan in ('free')", {}, true],
  ["count between 1 and 3 and total > 0", { count: "3", total: "1" }, true],
  ["count not between 1 and 3", { count: "3" }, false],
  ["count = 1 or total = 1", { count: "2" }, true],
  ["count = 1 or total = 1", { count: "2", total: "2" }, false],
  ["count = 1 and total = 1", { count: "2" }, false],
  ["not (count = 1 or total = 1)", { count: "1" }, false],
  ["count = 1 OR NOT count = 3", { count: "2" }, true],
  ["length(plan) <= 4", { plan: "😀😀😀😀" }, true],
  ["length(plan) <= 3", { plan: "free" }, false],
  ["`unit price` > 0", { "unit price": "0" }, false],
  ["`and` = 1", { and: "2" }, false],
  ["active = 'TRUE'", { active: "True" }, true],
  ["active != 'true'", { active: "true" }, false],
])("%s of %o: %s", ([rule, row, expected]) => {
  expect(holds(rule, row)).toBe(expected);
});

test.for<[string, number, string]>([
  ["", 1, "it ends too early"],
  ["start <=", 9, "it ends too early"],
  ["start <= end end", 14, '"end" is not expected'],
  ["start =< end", 8, '"<" is not expected'],
  ["start == end", 8, '"=" is not expected'],
  ["start ; end", 7, '";" cannot be read'],
  ["plan = 'free", 8, '"\'" cannot be read'],
  ['plan = "free"', 8, '"\\"" cannot be read'],
  ["count = 1.2.3", 9, '"1" cannot be read'],
  ["count = 1x", 9, '"1" cannot be read'],
  ["count", 1, "a condition is expected"],
  ["count + 1", 1, "a condition is expected"],
  ["1 = 1", 1, "it names no column"],
  ["nothing = 1", 1, 'there is no column "nothing"'],
  ["plan = 1", 1, "text is compared with a number"],
  ["count = '1'", 9, "the text is compared with a number"],
  ["start < '1 May'", 9, "the text is compared with a date"],
  ["logged > start", 1, "a timestamp is compared with a date"],
  ["plan < 'x'", 1, "text has no order here"],
  ["active > 'true'", 1, "true and false has no order here"],
  ["start + 1 > end", 1, "a number is expected"],
  ["length(count) > 1", 7, "length needs a text"],
  ["(count = 1) + 1 = 2", 2, "a value is expected"],
  ["if count = 1", 13, "it ends too early"],
  ["count in 1", 10, '"1" is not expected'],
  ["count not 1", 11, '"1" is not expected'],
  ["and = 1", 1, '"and" is not expected'],
  [`${"(".repeat(60)}count = 1${")".repeat(60)}`, 51, "it is nested too deeply"],
  [`${"not ".repeat(400)}count = 1`, 201, "it is nested too deeply"],
  [`${"-".repeat(900)}count = 1`, 51, "it is nested too deeply"],
  [`count = ${"1".repeat(3000)}`, 1, "it is longer than 2000 characters"],
])("%s is refused at character %i", ([rule, character, message]) => {
  const error = (() => {
    try {
      compileRule(rule, columns);
    } catch (caught) {
      return caught;
    }
  })();
  expect(error).toBeInstanceOf(RuleError);
  const { message: said, fix } = error as RuleError;
  expect(said).toContain(message);
  expect(said).toContain(`at character ${character} of the rule`);
  expect(fix).not.toBe("");
});

test("a misspelt column is told the nearest one", () => {
  const refusal = (() => {
    try {
      return compileRule("COUNT = 1", columns);
    } catch (error) {
      return error;
    }
  })();
  expect(refusal).toMatchObject({ fix: expect.stringContaining('Did you mean "count"?') });
});

describe("whatever the rule", () => {
  const parts = [
    "count",
    "total",
    "plan",
    "1",
    "'x'",
    "=",
    "<",
    "and",
    "or",
    "not",
    "(",
    ")",
    "+",
    "if",
    "then",
    "is",
    "null",
    "in",
    ",",
    "`",
    "'",
  ];
  test("it is compiled or refused with a place, and never anything else", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 14 }), (words) => {
        try {
          expect(holds(words.join(" "), { count: "1" })).toBeTypeOf("boolean");
        } catch (error) {
          expect(error).toBeInstanceOf(RuleError);
        }
      }),
      { seed: 3, numRuns: 2000 },
    );
  });

  test("numbers are exact, as integers of any size are", () => {
    const integers = fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n });
    fc.assert(
      fc.property(integers, integers, integers, (a, b, c) => {
        const row = { price: String(a), count: String(b), total: String(c) };
        expect(holds("total < price * count + 1", row)).toBe(c < a * b + 1n);
        expect(holds("price - count = total", { ...row, total: String(a - b) })).toBe(true);
      }),
      { seed: 4 },
    );
  });
});
