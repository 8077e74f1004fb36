import { expect, test } from "vitest";
import { printable } from "./command.ts";

test("what others wrote cannot steer a terminal", () => {
  const hostile = "a\u001b[2Jb\u0007c\u009b31md\u202ee\u200bf\rg\u2028h";
  expect(printable(`${hostile}\nnext`)).toBe("a?[2Jb?c?31md?e?f?g\u2028h\nnext");
});
