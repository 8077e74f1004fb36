import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compileFormat, FormatError } from "./format.ts";
import { isTimestamp } from "./timestamp.ts";

test.each([
  ["%d.%m.%Y", "29.02.2024", "2024-02-29"],
  ["%d.%m.%Y", "9.2.2024", undefined],
  ["%-d.%-m.%Y", "9.2.2024", "2024-02-09"],
  ["%m/%d/%y", "12/31/69", "1969-12-31"],
  ["%m/%d/%y", "12/31/68", "2068-12-31"],
  ["%d %B %Y", "1 June 2024", undefined],
  ["%-d %B %Y", "1 June 2024", "2024-06-01"],
  ["%d%b%Y", "01JAN2024", "2024-01-01"],
  ["%Y%m%d", "20240229", "2024-02-29"],
  ["%Y-%m-%d", "2024-02-30", "2024-02-30"],
  ["%Y.%m.%d", "2024x02y29", undefined],
  ["100%% %Y%m%d", "100% 20240229", "2024-02-29"],
  ["%Y-%m-%dT%H:%M:%S.%f%z", "2024-02-29T01:02:03.5+0530", "2024-02-29 01:02:03.5+05:30"],
  ["%Y-%m-%dT%H:%M:%S.%f%z", "2024-02-29T01:02:03+00", "2024-02-29 01:02:03+00:00"],
  ["%Y-%m-%dT%H:%M:%S.%f%z", "2024-02-29T01:02:03.Z", undefined],
  ["%Y-%m-%d %H:%M:%S %Z", "2024-02-29 01:02:03 UTC", "2024-02-29 01:02:03Z"],
  ["%Y-%m-%d %-I:%M %p", "2024-02-29 12:05 AM", "2024-02-29 00:05:00"],
  ["%Y-%m-%d %-I:%M %p", "2024-02-29 12:05 pm", "2024-02-29 12:05:00"],
  ["%Y-%m-%d %-I:%M %p", "2024-02-29 13:05 pm", undefined],
  ["%Y-%m-%d %H:%M", "2024-02-29 24:05", "2024-02-29 24:05:00"],
])("%s reads %s as %s", (format, text, iso) => {
  expect(compileFormat(format).toIso(text)).toBe(iso);
});

test.each([
  ["%Y-%m", "no full day"],
  ["iso", "no full day"],
  ["%Y-%m-%d %d", "%d and %d"],
  ["%Y-%m-%d %q", "%q is not known"],
  ["%Y-%m-%d %", "% is not known"],
  ["%Y-%m-%d %M", "%M and no hour"],
  ["%Y-%m-%d %H.%f", "%f and no second"],
  ["%Y-%m-%d %z", "%z and no hour"],
  ["%Y-%m-%d %I:%M", "need each other"],
  ["%Y-%m-%d %H:%M %p", "need each other"],
])("%s is refused: %s", (format, message) => {
  expect(() => compileFormat(format)).toThrow(FormatError);
  expect(() => compileFormat(format)).toThrow(message);
});

test("what a format of a day and a time writes is read back as that time", () => {
  const written = { "%Y": 4, "%m": 2, "%d": 2, "%H": 2, "%M": 2, "%S": 2 } as const;
  const marks = fc.constantFrom("-", "/", ".", " ", "T", "(", "+", "");
  fc.assert(
    fc.property(
      fc.date({ min: new Date("1000-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }),
      fc.shuffledSubarray(Object.keys(written), { minLength: 6 }),
      fc.array(marks, { minLength: 6, maxLength: 6 }),
      (date, directives, between) => {
        const iso = date.toISOString().slice(0, 19).replace("T", " ");
        const [year, month, day, hour, minute, second] = iso.split(/[- :]/);
        const values: Readonly<Record<string, string | undefined>> = {
          "%Y": year,
          "%m": month,
          "%d": day,
          "%H": hour,
          "%M": minute,
          "%S": second,
        };
        const join = (parts: readonly (string | undefined)[]) =>
          parts.map((part, at) => `${part}${between[at]}`).join("");
        const read = compileFormat(join(directives)).toIso(join(directives.map((directive) => values[directive])));
        expect(read).toBe(iso);
        expect(isTimestamp(read ?? "", "none")).toBe(true);
      },
    ),
    { numRuns: 500, seed: 17 },
  );
});
