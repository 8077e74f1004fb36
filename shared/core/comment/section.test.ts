import fc from "fast-check";
import { expect, test } from "vitest";
import { formatSection, parseSections, SECTION_STATES, type Section } from "./section.ts";
import { createSection, HEAD } from "./testing.ts";

/** Any code points, lone surrogates too, and many characters that hidden lines use. */
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(..."<>-=! \n%/."),
    fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code)),
  ),
});
const anySection: fc.Arbitrary<Section> = fc
  .tuple(
    fc.record({
      key: anyText.map((text) => text.toWellFormed()),
      state: fc.constantFrom(...SECTION_STATES),
      summary: anyText.map((text) => text.toWellFormed()),
      revision: fc.record({ run: fc.nat(), attempt: fc.nat(1_000), head: fc.constant(HEAD) }),
      text: fc.array(fc.stringMatching(/^[a-z|*#` ]{0,20}$/), { maxLength: 4 }).map((lines) => lines.join("\n").trim()),
    }),
    anyText.map((text) => text.toWellFormed()),
    fc.option(
      fc.array(
        fc.record({
          metric: anyText.map((text) => text.toWellFormed()),
          better: fc.constantFrom("higher" as const, "lower" as const, undefined),
          measured: fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
        }),
        { maxLength: 5 },
      ),
      { nil: undefined },
    ),
  )
  .map(([section, title, suggested]) => ({
    ...section,
    ...(title !== "" && { title }),
    ...(suggested && { suggested }),
  }));

test("any sections are parsed again, also with the line ends that GitHub changed", () => {
  fc.assert(
    fc.property(fc.array(anySection, { maxLength: 4 }), (sections) => {
      const body = sections.map(formatSection).join("\n\n#### heading\n\n");
      expect(parseSections(body)).toEqual(sections);
      expect(parseSections(`heading\n\n${body}\n\nlast`.replaceAll("\n", "\r\n"))).toEqual(sections);
    }),
  );
});

test("hidden lines are hidden", () => {
  fc.assert(
    fc.property(anySection, (section) => {
      const [begin = "", ...rest] = formatSection({ ...section, text: "" }).split("\n\n");
      for (const line of [begin, ...rest]) expect(line).toMatch(/^<!-- (?:(?!--|>)[\x21-\x7e ])+ -->$/);
    }),
  );
});

const good = formatSection(createSection({}));
test.each([
  ["without an end", good.split("\n\n").slice(0, -1).join("\n\n")],
  ["in a quote", good.replaceAll(/^/gm, "> ")],
  ["indented", good.replaceAll(/^/gm, "    ")],
  ["of an unknown state", good.replace("state=ready", "state=green")],
  ["with a run that is not a number", good.replace("run=1", "run=1e9")],
  ["with a short head", good.replace(HEAD, "abc")],
  ["with a key that cannot be decoded", good.replace("key=metrics", "key=%ff")],
  ["with rules that are none", good.replace(" -->", " rules=%5B1%5D -->")],
  ["with a space too many", good.replace(" run=", "  run=")],
])("a section %s is none", (_, body) => {
  expect(parseSections(body)).toEqual([]);
});

test("a section that begins within another starts anew", () => {
  const [begin = ""] = good.split("\n");
  expect(parseSections(`${begin}\n\nlost\n\n${good}`)).toEqual([createSection({})]);
});

test("a text cannot contain the line that ends its section", () => {
  expect(() => formatSection(createSection({}, "<!-- mlops-actions/section key=x -->"))).toThrow("hidden line");
  expect(() => formatSection(createSection({}, "a\n<!-- mlops-actions/end -->\nb"))).toThrow("hidden line");
});
