import { expect, test } from "vitest";
import { InvalidFileError } from "./model.ts";
import { parseYamlSource } from "./yaml-source.ts";

const read = (text: string, bytes = 1_000_000) => parseYamlSource("file.yml", text, bytes);

test("a hostile file is rejected at once", () => {
  const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
  expect(read(nested(50)).value).toBeDefined();
  expect(() => read(nested(52))).toThrow("1:52: The file is nested deeper than 50 levels.");
  expect(() => read("[".repeat(20_000))).toThrow("The file is nested deeper than 50 levels.");
  const bomb = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
  for (let n = 1; n < 8; n += 1)
    bomb.push(
      `a${n}: &a${n} [${Array(10)
        .fill(`*a${n - 1}`)
        .join(", ")}]`,
    );
  expect(() => read(bomb.join("\n"))).toThrow("more than 1000000 values once its aliases are followed");
  expect(() => read("a: &a [*a]")).toThrow(InvalidFileError);
});

test("an error is at the value or key a path leads to, or at the nearest value above", () => {
  const source = read("a:\n  - b: 1\n  - &x { c: 2 }\nd: *x\n");
  const at = (...of: Parameters<typeof source.errorAt>) => {
    const { line, column } = source.errorAt(...of);
    return `${line}:${column}`;
  };
  expect(at(["a", 0, "b"], "")).toBe("2:8");
  expect(at(["a", 0, "b"], "", "key")).toBe("2:5");
  expect(at(["d", "c"], "")).toBe("3:13");
  expect(at(["a", 7], "")).toBe("2:3");
  expect(at([], "")).toBe("1:1");
});

test("values are those of YAML 1.2, as GitHub reads them", () => {
  expect(
    read("- 1\n- 1.50\n- true\n- True\n- no\n- on\n- null\n- ~\n- 2024-01-01\n- 0o17\n- 0x1f\n- 'a'\n-").value,
  ).toEqual([1, 1.5, true, true, "no", "on", null, null, "2024-01-01", 15, 31, "a", null]);
  expect(() => read("? [a]\n: 1")).toThrow("1:3: A key must be a plain value, not a list or a mapping.");
});
