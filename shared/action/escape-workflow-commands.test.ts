import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { escapeWorkflowCommands } from "./escape-workflow-commands.ts";

/** White space of .NET's `TrimStart`, which the runner calls before it looks for `::`. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are white space to .NET
const LEADING_SPACE = /^[\u0009-\u000D\u001C-\u0020\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+/;

/** The runner's rules for a line (actions/runner, ActionCommand.TryParseV2 and TryParse), whatever the command's name. */
function commandIn(line: string): string | undefined {
  const trimmed = line.replace(LEADING_SPACE, "");
  const end = trimmed.startsWith("::") ? trimmed.indexOf("::", 2) : -1;
  if (end >= 0) return trimmed.slice(0, end + 2);
  const start = line.indexOf("##[");
  return start >= 0 && line.indexOf("]", start) >= 0 ? line.slice(start) : undefined;
}

/** .NET's `ReadLine` ends a line at these; others may end it at more. */
const commandsIn = (text: string): readonly string[] =>
  text.split(/\r\n|[\r\n\u0085\u2028\u2029]/).flatMap((line) => commandIn(line) ?? []);

const FRAGMENTS = [
  ...["::", ":", "##[", "#", "[", "]", "set-output name=x", "add-mask", "stop-commands", "=", ",", "%0A", "]pass"],
  ...[" ", "\t", "\n", "\r", "\r\n", "\v", "\f", "\0", "\u0085", "\u2028", "\u2029", "\u00A0", "\u1680", "\u2003"],
  ...[
    "\u3000",
    "\uFEFF",
    "\u200B",
    "\u202E",
    "\u2066",
    "\x1b[31m",
    "\x1c",
    "\x1f",
    "\x7f",
    "\x9b",
    "é",
    "😀",
    "\uD800",
  ],
];
const hostile = fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 12 }).map((parts) => parts.join(""));

describe("a runner finds no command in escaped text", () => {
  test("in 100,000 strings made of command markers", () => {
    const property = fc.property(fc.array(hostile, { minLength: 100, maxLength: 100 }), (texts) =>
      texts.every((text) => commandsIn(escapeWorkflowCommands(text)).length === 0),
    );
    expect(fc.check(property, { numRuns: 1_000, seed: 1 }).counterexample).toBeNull();
  });

  test.each([
    "::error::x",
    "  ::set-output name=verdict::pass",
    "model: ##[set-output name=verdict;]pass",
    "\u0085::add-mask::x",
    "a\r::add-mask::x",
    "a\u2028::add-mask::x",
    "\uFEFF::add-mask::x",
    "####[[add-mask]x",
    ":::::x",
  ])("%j, which is a command, or nearly one, before", (text) => {
    expect(commandsIn(escapeWorkflowCommands(text))).toEqual([]);
  });

  test("escaping twice is the same as escaping once", () => {
    const property = fc.property(
      hostile,
      (text) => escapeWorkflowCommands(escapeWorkflowCommands(text)) === escapeWorkflowCommands(text),
    );
    expect(fc.check(property, { seed: 2 }).counterexample).toBeNull();
  });

  test("ordinary text does not change", () => {
    const text = "epoch 3: loss::mean = 0.12  [####      ]\n\tC::D std::vector<int> # note [x]\n";
    expect(escapeWorkflowCommands(text)).toBe(text);
  });

  test("a megabyte of line ends takes no time", () => {
    const started = performance.now();
    expect(escapeWorkflowCommands("\n".repeat(1_000_000))).toHaveLength(1_000_000);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
