import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseCommand } from "./parse-command.ts";

const KNOWN = new Set(["set-output", "error", "add-mask", "stop-commands", "group"]);
const parse = (line: string) => parseCommand(line, (name) => KNOWN.has(name.toLowerCase()));

describe("::name:: commands", () => {
  test.each([
    ["::set-output name=a::b", "set-output", { name: "a" }, "b"],
    ["  \t::group::The name", "group", {}, "The name"],
    ["\u00a0::group::after a no-break space", "group", {}, "after a no-break space"],
    ["::ERROR::names ignore case", "ERROR", {}, "names ignore case"],
    ["::error::a::b", "error", {}, "a::b"],
    ["::error file=a.js,line=1,col=5::m", "error", { file: "a.js", line: "1", col: "5" }, "m"],
    ["::error FILE=a.js::m", "error", { file: "a.js" }, "m"],
    ["::error file=a.js, line=1::m", "error", { file: "a.js", " line": "1" }, "m"],
    ["::error  file=a.js::m", "error", { file: "a.js" }, "m"],
    ["::error file=a=b==::m", "error", { file: "a=b==" }, "m"],
    ["::error =file=a,,b=,c::m", "error", { file: "a" }, "m"],
    ["::error file==a::m", "error", { file: "a" }, "m"],
    ["::error::%25 %0D %0A %3A %2C", "error", {}, "% \r \n %3A %2C"],
    ["::error title=%25%0D%0A%3A%2C::m", "error", { title: "%\r\n:," }, "m"],
    ["::error::%250A", "error", {}, "%0A"],
  ])("%j", (line, name, properties, data) => {
    expect(parse(line)).toEqual({ name, properties: new Map(Object.entries(properties)), data });
  });

  test.each(["", "::", "::error", ":error::m", "x ::error::m", "::unknown::m", "::error,file=a::m", ":: error::m"])(
    "%j is not a command",
    (line) => {
      expect(parse(line)).toBeUndefined();
    },
  );
});

describe("##[name] commands of the first version", () => {
  test.each([
    ["model: ##[set-output name=verdict;]pass", "set-output", { name: "verdict" }, "pass"],
    ["##[error]m", "error", {}, "m"],
    ["##[Error file=a;line=1]m", "Error", { file: "a", line: "1" }, "m"],
    ["##[error file=%3B%5D%25]%3B%0A%5D", "error", { file: ";]%" }, ";\n]"],
    ["::error without an end ##[group]g", "group", {}, "g"],
    ["::unknown::x ##[group]g", "group", {}, "g"],
  ])("%j", (line, name, properties, data) => {
    expect(parse(line)).toEqual({ name, properties: new Map(Object.entries(properties)), data });
  });

  test.each(["##[error", "##[unknown]m", "##[]m", "##[unknown] ##[error]only the first is tried", "#[error]m"])(
    "%j is not a command",
    (line) => {
      expect(parse(line)).toBeUndefined();
    },
  );
});

/** Pieces of commands, so that random texts contain commands. */
const hostile = fc.array(
  fc.constantFrom("::", ":", "##[", "]", "error", "set-output", " ", "name=a", ";", ",", "%0A", "%", "\r", "x"),
  { maxLength: 12 },
);

test("a line without `::` and `##[` is never a command, and parsing never throws", () => {
  fc.assert(
    fc.property(hostile, (pieces) => {
      const line = pieces.join("");
      const command = parse(line);
      if (command === undefined) return;
      expect(line).toMatch(/::|##\[/);
      expect(KNOWN).toContain(command.name.toLowerCase());
    }),
    { seed: 7, numRuns: 5_000 },
  );
});

test("what the toolkit escapes is decoded to the original", () => {
  const escapeData = (text: string) => text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
  const escapeProperty = (text: string) => escapeData(text).replace(/:/g, "%3A").replace(/,/g, "%2C");
  // The toolkit leaves empty properties out; a value of equals signs alone is one of the few the runner cannot read.
  const value = fc.string({ minLength: 1 }).filter((text) => !/^[=\s]|\s$/.test(text));
  fc.assert(
    fc.property(fc.string(), value, (data, title) => {
      const command = parse(`::error title=${escapeProperty(title)}::${escapeData(data)}`);
      expect(command?.data).toBe(data);
      expect(command?.properties.get("title")).toBe(title);
    }),
    { seed: 7, numRuns: 2_000 },
  );
});
