import { expect, test } from "vitest";
import { canonicalEncoding, createTextDecoding, encodingOfMark } from "./text-decoding.ts";

function decode(encoding: string, hex: string, chunk: number): string {
  const bytes = Buffer.from(hex.replaceAll(" ", ""), "hex");
  const decoding = createTextDecoding(encoding);
  let text = "";
  for (let at = 0; at < bytes.length; at += chunk) text += decoding.push(bytes.subarray(at, at + chunk));
  return text + decoding.end();
}

test.each([
  ["utf-8", "efbbbf c3a4 e282ac", "ä€"],
  ["utf-16le", "fffe e400 3dd800de", "ä😀"],
  ["utf-16be", "00e4 d83d de00", "ä😀"],
  ["windows-1252", "e4 80 93 81", "ä€“\u0081"],
  ["shift_jis", "93fa 967b", "日本"],
  ["gb18030", "c8d5 b1be", "日本"],
  ["windows-1251", "c4e0", "Да"],
  ["iso-8859-15", "a4", "€"],
  ["utf-16le", "e400 3dd8 6100", "ä\udcffa"],
  ["shift_jis", "93", "\udcff"],
  ["utf-8", "e4", "\udce4"],
])("%s: %s is %j, in chunks of any size", (encoding, hex, text) => {
  for (const chunk of [100, 1, 2, 3]) expect(decode(encoding, hex, chunk)).toBe(text);
});

test("windows-1252 is not latin-1, whatever the version of Node", () => {
  const specials = Array.from({ length: 32 }, (_, at) => (0x80 + at).toString(16)).join("");
  expect(decode("windows-1252", specials, 100)).toBe("€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ");
});

test("names of encodings are those of browsers, and marks name theirs", () => {
  expect(["UTF8", "latin1", "sjis", "utf-16", "utf-7", "ebcdic"].map(canonicalEncoding)).toEqual([
    ...["utf-8", "windows-1252", "shift_jis", "utf-16le"],
    ...[undefined, undefined],
  ]);
  const marks = ["efbbbf61", "fffe6100", "feff0061", "61", "ff"];
  expect(marks.map((hex) => encodingOfMark(Buffer.from(hex, "hex")))).toEqual([
    "utf-8",
    "utf-16le",
    "utf-16be",
    undefined,
    undefined,
  ]);
});
