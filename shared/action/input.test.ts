import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type InputSpec, input } from "./input.ts";

const doc = "Doc";
const kinds = {
  text: input.text({ doc }),
  secret: input.secret({ doc }),
  path: input.path({ doc }),
  paths: input.paths({ doc }),
  list: input.list({ doc }),
  pairs: input.pairs({ doc }),
  flag: input.flag({ doc }),
  oneOf: input.oneOf(["allow", "deny"], { doc }),
  integer: input.integer({ doc, min: -5, max: 100 }),
  duration: input.duration({ doc }),
  json: input.json({ doc }),
} as const satisfies Record<string, InputSpec<unknown>>;
type Kind = keyof typeof kinds;

describe("what each kind parses", () => {
  test.each<[Kind, string, unknown]>([
    ["text", " a\nb ", " a\nb "],
    ["secret", "s3cret", "s3cret"],
    ["path", "data/visits.csv", "data/visits.csv"],
    ["path", "./data//x", "data/x"],
    ["path", "data\\visits.csv", "data/visits.csv"],
    ["path", ".", "."],
    ["path", "", ""],
    ["path", "a..b/..c", "a..b/..c"],
    ["paths", "a.csv\n\n  b/*.csv # all\n# none\n", ["a.csv", "b/*.csv"]],
    ["paths", "a#b.csv", ["a#b.csv"]],
    ["paths", "", []],
    ["list", "a\r\nb", ["a", "b"]],
    ["pairs", "a=1\nb = x=y", { a: "1", b: "x=y" }],
    ["path", "data/../data//a.csv", "data/a.csv"],
    ["path", "./data/{p,../x}/a", "data/{p,../x}/a"],
    ["paths", "a #1.csv\n# all\nb.csv # text\n#c", ["a #1.csv", "b.csv"]],
    ["path", "a\\..\\x", "x"],
    ["path", "././!x", "./!x"],
    ["pairs", "__proto__=1", JSON.parse('{"__proto__":"1"}')],
    ["flag", "true", true],
    ["flag", "false", false],
    ["oneOf", "deny", "deny"],
    ["integer", "-5", -5],
    ["integer", "007", 7],
    ["duration", "90s", 90_000],
    ["duration", "1h30m", 5_400_000],
    ["json", "", {}],
    ["json", '{"a": [1]}', { a: [1] }],
    ["json", '\uFEFF{"a": 1}', { a: 1 }],
    [
      "json",
      '{"a": [{"b": 9007199254740991, "c": -9007199254740991, "d": -0}]}',
      { a: [{ b: 9007199254740991, c: -9007199254740991, d: -0 }] },
    ],
    [
      "json",
      '{"a": 1e30, "b": 0.1, "c": 12345678901234567890.5, "d": 1.0}',
      { a: 1e30, b: 0.1, c: 12345678901234567000, d: 1 },
    ],
    ["json", '{"seed": "12345678901234567890"}', { seed: "12345678901234567890" }],
    ["json", '{"a": {"b": 1}, "c": {"b": 2}}', { a: { b: 1 }, c: { b: 2 } }],
  ])("%s parses %j", (kind, raw, value) => {
    expect(kinds[kind].parse(raw)).toEqual({ value });
  });

  test.each<[Kind, string]>([
    ["path", "/etc/passwd"],
    ["path", "../x"],
    ["path", "a/../../x"],
    ["path", "a\\..\\..\\x"],
    ["path", "a\\[1\\].csv"],
    ["path", "C:/x"],
    ["path", "c:x"],
    ["path", "\\\\server\\share"],
    ["path", "a\0b"],
    ["paths", "ok.csv\n../x"],
    ["pairs", "a=1\nb"],
    ["pairs", "=1"],
    ["flag", "True"],
    ["flag", "1"],
    ["flag", "yes"],
    ["oneOf", "Allow"],
    ["oneOf", ""],
    ["integer", "1.5"],
    ["integer", "1e2"],
    ["integer", "101"],
    ["integer", "0x10"],
    ["integer", "9".repeat(40)],
    ["duration", "0s"],
    ["duration", "90"],
    ["duration", "1d"],
    ["duration", "-5s"],
    ["duration", ""],
    ["json", "[1]"],
    ["json", "null"],
    ["json", "{a: 1}"],
  ])("%s rejects %j with a fix", (kind, raw) => {
    expect(kinds[kind].parse(raw)).toEqual({ error: expect.any(String), fix: expect.stringMatching(/\S/) });
  });

  test.each([
    ["a key twice", '{"seed":1,"epochs":1,"epochs":2}', 'the key "epochs" appears twice', "Remove one of them"],
    ["a key twice in an array", '{"a":[{"b":1,"b":1}]}', 'the key "b" appears twice', "Remove one of them"],
    ["a key twice, once escaped", '{"a":1,"\\u0061":2}', 'the key "a" appears twice', "Remove one of them"],
    ["a key that sets a prototype", '{"a":{"__proto__":1}}', '"__proto__" cannot be a key', "Choose another name"],
    ["a number without end", '{"a":1e400}', "1e400 is too large for a number", "Write a finite number"],
    [
      "a large integer",
      '{"seed":12345678901234567890}',
      "the number 12345678901234567890 would become 12345678901234567000",
      'Put it in quotes: "12345678901234567890"',
    ],
    [
      "a nested one",
      '{"a":[0,{"b":9007199254740993}]}',
      "the number 9007199254740993 would become 9007199254740992",
      'Put it in quotes: "9007199254740993"',
    ],
    [
      "a negative one",
      '{"a":-9007199254740993}',
      "the number -9007199254740993 would become -9007199254740992",
      'Put it in quotes: "-9007199254740993"',
    ],
    // A float holds it exactly, and is still written with other digits.
    [
      "one with other digits",
      '{"a":12345678901234567168}',
      "the number 12345678901234567168 would become 12345678901234567000",
      'Put it in quotes: "12345678901234567168"',
    ],
    [
      "the first of two",
      '{"a":[9007199254740993,9007199254740995]}',
      "the number 9007199254740993 would become 9007199254740992",
      'Put it in quotes: "9007199254740993"',
    ],
    ["no JSON", '{"a":1,}', "it is not a JSON object", 'Write for example {"epochs": 10}'],
  ])("json refuses %s", (_, raw, error, fix) => {
    expect(kinds.json.parse(raw)).toEqual({ error, fix });
  });

  test("no text makes any kind throw, and no path is outside the workspace", () => {
    const anyText = fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[./\\:a-c#=\n\0]{0,12}$/));
    fc.assert(
      fc.property(anyText, (raw) => {
        for (const kind of Object.values(kinds)) expect(kind.parse(raw)).toBeTypeOf("object");
        const parsed = kinds.path.parse(raw);
        if ("value" in parsed) expect(parsed.value.split("/")).not.toContain("..");
      }),
    );
  });
});
