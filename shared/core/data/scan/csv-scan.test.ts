import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compileContract } from "../compile-contract.ts";
import { contract } from "../contract.ts";
import { CsvCheck } from "../csv-check.ts";
import { CsvScan } from "./csv-scan.ts";
import { scannerAgreesWithReference } from "./testing.ts";

test("the scanner finds what the reference finds, on the same lines", () => {
  expect(() => fc.assert(scannerAgreesWithReference, { seed: 11, numRuns: 2_000 })).not.toThrow();
}, 300_000);

test.each(["a\xff", "\xffUS", "Gr\xc3", "Gr\xc3o", "Gr\xc3\xb6\xdfe", "\xe6\x97\xa5", "DE\xc3\xbc"])(
  "bytes that are no text are found in a list of words: %j",
  (cell) => {
    const columns = [{ name: "c", type: "string", enum: ["US", "Größe"] }];
    const rules = compileContract(contract.parse({ version: 1, "unexpected-columns": "allow", columns }));
    // The first 512 bytes are read by the reference.
    const file = Buffer.from(`c,${"more".padEnd(600)}\nUS,1\n${cell},2\n${"US,3\n".repeat(20)}`, "latin1");
    const [scan, check] = [new CsvScan(rules), new CsvCheck(rules)];
    for (const each of [scan, check]) each.push(file);
    expect(scan.end()).toEqual(check.end());
  },
);
