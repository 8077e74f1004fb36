import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compilePattern } from "./pattern.ts";
import { PatternError } from "./pattern-reader.ts";

test.each([
  ["", ["", ""], ["a"]],
  ["abc", ["abc"], ["ab", "abcd", "xabc"]],
  ["a|b|", ["a", "b", ""], ["ab"]],
  ["(?:ab)+", ["ab", "abab"], ["", "aba"]],
  ["(?P<year>\\d{4})-(?<month>\\d\\d)", ["2024-02"], ["2024-2", "٢٠٢٤-02"]],
  ["a{2}b{1,}c{0,2}?", ["aab", "aabbcc"], ["ab", "aabccc"]],
  ["^ab$", ["ab"], ["^ab$"]],
  ["(^a|b)c$", ["ac", "bc"], ["c"]],
  ["a^b", [], ["ab", "a^b"]],
  ["(a$|b)*", ["", "bba"], ["ab"]],
  ["\\Aa\\z", ["a"], ["a\n"]],
  ["(a*)*", ["", "aaa"], ["b"]],
  [".", ["x", "\r", "𝒳"], ["\n", ""]],
  ["[a-c_-]+", ["a-b_c"], ["d"]],
  ["[^a-c]", ["d", "\n", "𝒳"], ["a"]],
  ["[\\]\\\\^-]+", ["]\\^-"], ["a"]],
  ["\\.\\*\\(\\)\\/", [".*()/"], []],
  ["\\x41\\u0042\\u{1D4B3}\\x{43}", ["AB𝒳C"], []],
  ["\\t\\s\\S\\w\\W\\D", ["\t xy-z"], ["\t  y-z"]],
  ["[\\d\\s]+", ["1 2"], ["a"]],
  ["\\p{L}\\p{Lu}\\PL", ["äÄ1"], ["äää"]],
  ["\\p{Script=Greek}+", ["αβγ"], ["abc"]],
  ["\\p{^L}", ["1"], ["a"]],
  ["日本+", ["日本本"], ["日"]],
  ["\\bfoo\\b", ["foo"], ["foo "]],
  [".*\\bfoo\\b.*", ["foo", "a foo, b", "-foo-"], ["afoo", "foo_", "food"]],
  ["\\Ba", [], ["a"]],
  ["a\\Bb\\b", ["ab"], []],
  ["(?:\\b[a-z]+\\b ?)+", ["ab cd ef"], ["ab  cd", "ab 1"]],
  ["\\b", [], ["", "a"]],
  ["\\B", [""], ["a"]],
  ["(\\b^a|^\\bb)", ["a", "b"], ["c"]],
  ["(?i)straße [^x]K\\d", ["STRAßE ak1", "straẞe ,\u212A1"], ["strasse ak1", "straße Xk1"]],
  ["(?i)[a-cσ]\\x44", ["BD", "ςd", "Σd"], ["ed"]],
  ["a(?i:b)c", ["abc", "aBc"], ["Abc", "abC"]],
  ["(?i)\\p{L}i", ["ÄI", "bi"], ["bı", "bİ"]],
])("%s", (pattern, yes, no) => {
  const { matches } = asFunction(pattern);
  expect(yes.filter((text) => !matches(text))).toEqual([]);
  expect(no.filter(matches)).toEqual([]);
});

function asFunction(pattern: string): { matches: (text: string) => boolean } {
  const compiled = compilePattern(pattern);
  return { matches: (text) => compiled.matches(text) };
}

describe("refused with an explanation", () => {
  test.each([
    ["(?=a)b", "look-ahead"],
    ["(?!a)b", "look-ahead"],
    ["(?<=a)b", "look-behind"],
    ["(?<!a)b", "look-behind"],
    ["(a)\\1", "back-references"],
    ["(?<n>a)\\k<n>", "back-references"],
    ["a(?i)b", "in the middle"],
    ["(?s)a", "this kind of group"],
    ["\\b+", "is repeated"],
    ["[\\b]", "\\b is not supported"],
    ["(?i)\\p{Lu}", "letters of one case"],
    ["(?>a)", "this kind of group"],
    ["a++", "a repetition is repeated"],
    ["a**", "a repetition is repeated"],
    ["*a", "nothing to repeat"],
    ["^*", "is repeated"],
    ["a{2,1}", "a minimum above its maximum"],
    ["a{1001}", "more than 1000 times"],
    ["a{,2}", "does not begin a count"],
    ["a{x}", "does not begin a count"],
    ["(a", "not closed"],
    ["a)", "no opening one"],
    ["a]", "no opening one"],
    ["[a", "not closed"],
    ["[]", "[] is empty"],
    ["[]a]", "[] is empty"],
    ["[z-a]", "lower to a higher"],
    ["[\\d-z]", "lower to a higher"],
    ["[[:alpha:]]", "differ between engines"],
    ["[a[b]]", "sets within sets"],
    ["[a&&b]", "sets within sets"],
    ["\\p{Nonsense}", "no Unicode property"],
    ["\\ud800", "no character with that number"],
    ["\\", "ends with a backslash"],
    ["((a{1000}){1000}){1000}", "nested repetitions"],
    ["((){1000}){1000}", "nested repetitions"],
    ["(".repeat(200) + ")".repeat(200), "nested deeper"],
    ["a".repeat(5000), "longer than"],
  ])("%s", (pattern, message) => {
    expect(() => compilePattern(pattern)).toThrow(message);
    expect(() => compilePattern(pattern)).toThrow(PatternError);
  });
});

const ATOMS = [
  "a",
  "\\b",
  "\\B",
  "B",
  "[A-C]",
  "b",
  "0",
  "𝒳",
  "é",
  "[ab]",
  "[^a]",
  "[^a-b0]",
  "\\d",
  "\\D",
  "\\w",
  "\\W",
  "^",
  "$",
  "[a𝒳]",
];
const TIMES = ["", "", "", "*", "+", "?", "{2}", "{0,2}", "{1,}", "*?", "{0}"];

/** Groups to a depth of two: with more, JavaScript's engine needs minutes for a text of seven letters. */
function patternsOf(depth: number): fc.Arbitrary<string> {
  const atom = fc.constantFrom(...ATOMS);
  const group = depth > 0 ? patternsOf(depth - 1).map((inner) => `(${inner})`) : atom;
  const repeated = fc
    .tuple(fc.oneof(atom, group), fc.constantFrom(...TIMES))
    .map(([one, times]) => (/^(?:[\^$]|\\[bB])$/.test(one) ? one : one + times));
  const sequence = fc.array(repeated, { maxLength: 3 }).map((parts) => parts.join(""));
  return fc.array(sequence, { minLength: 1, maxLength: 2 }).map((branches) => branches.join("|"));
}

test("agrees with JavaScript's own engine on the syntax that both support", () => {
  const texts = fc
    .array(fc.constantFrom("a", "b", "B", "0", "𝒳", "é"), { maxLength: 7 })
    .map((parts) => parts.join(""));
  let matched = 0;
  fc.assert(
    fc.property(patternsOf(2), fc.array(texts, { minLength: 5, maxLength: 6 }), (pattern, subjects) => {
      const ignored = subjects.length % 2 === 0;
      const ours = compilePattern(ignored ? `(?i)${pattern}` : pattern);
      const theirs = new RegExp(`^(?:${pattern})$`, ignored ? "iu" : "u");
      for (const text of subjects) {
        expect({ pattern, text, matches: ours.matches(text) }).toEqual({ pattern, text, matches: theirs.test(text) });
        if (theirs.test(text)) matched += 1;
      }
    }),
    { numRuns: 3000, seed: 20241 },
  );
  expect(matched).toBeGreaterThan(1000);
});

test("any text is compiled or refused with an explanation, and neither takes long", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(..."ab(|)*+?{}[]^$.\\d1,-:<=!pPLux𝒳"), maxLength: 30 }),
      (pattern) => {
        try {
          expect(compilePattern(pattern).matches("ab1")).toBeTypeOf("boolean");
        } catch (error) {
          expect(error).toBeInstanceOf(PatternError);
        }
      },
    ),
    { numRuns: 5000, seed: 7 },
  );
});

test.each([
  ["(a*)*b", "a"],
  ["(a|aa)+b", "a"],
  ["(.*a){20}", "b"],
  ["[ab]*a[ab]{12}c", "ab"],
])("%s takes time in proportion to the text", (pattern, unit) => {
  const compiled = compilePattern(pattern);
  // A backtracking engine takes exponential time for the first two.
  expect(compiled.matches(unit.repeat(200_000))).toBe(false);
});
