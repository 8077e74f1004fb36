/** Files checked on several threads, against the same files checked on one. */
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "rolldown";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readContract } from "../../core/data/read-contract.ts";
import { createWorkspaceFiles } from "../files/create-workspace-files.ts";
import { createFileCheck } from "./check-file.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "threads-"));
  await build({
    input: join(import.meta.dirname, "../../../actions/check-data/worker.ts"),
    platform: "node",
    logLevel: "silent",
    output: { file: join(folder, "worker.mjs"), format: "esm" },
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const CONTRACT = readContract(
  `version: 1
rows: { max: 100 }
columns:
  - { name: id, type: integer, unique: true, max: 19000 }
  - { name: name, type: string, pattern: "[a-z ]+", nullable: true }
  - { name: day, type: date, min: "2024-01-01" }
  - { name: code, type: string, unique: true, multiline: true }
`,
  "contract.yml",
);

/** Rows with something wrong here and there: ids repeat, far apart and near, and days have other forms. */
const lines = Array.from({ length: 20_000 }, (_, at) => {
  const id = at % 1009 === 7 ? (at * 7919) % 20_000 : at;
  const day = at % 2003 === 5 ? "01.02.2024" : `202${at % 4999 === 1 ? 3 : 4}-02-1${at % 10}`;
  return `${id},${at % 777 === 3 ? "" : at % 1501 === 9 ? "X" : "name"},${day},c${at % 9973}`;
});
const file = (rows: readonly string[]): string => `id,name,day,code\n${rows.join("\n")}\n`;
const withLine = (at: number, line: string): readonly string[] => [...lines.slice(0, at), line, ...lines.slice(at)];

async function check(name: string, content: string | Uint8Array, threads: number) {
  await writeFile(join(folder, name), content);
  const { signal } = new AbortController();
  const script = pathToFileURL(join(folder, "worker.mjs"));
  const files = createWorkspaceFiles(folder);
  let reads = 0;
  const stream: typeof files.stream = (path, chunkBytes = 64 * 1024) => {
    // Not the few bytes that tell what the file is.
    if (chunkBytes > 1000) reads += 1;
    return files.stream(path, chunkBytes);
  };
  const checkFile = createFileCheck(
    { ...files, stream },
    {
      ...{ temporary: folder, signal, threadScript: script, threads },
      ...{ minThreadedBytes: 1, pieceBytes: 32 * 1024 },
    },
  );
  return { ...(await checkFile(name, { contract: CONTRACT, observers: [] }, () => undefined)), reads };
}

describe("several threads find what one finds", () => {
  test.each([
    [1, "in a file with line ends", file(lines)],
    [1, "in a file that ends without one", file(lines).slice(0, -1)],
    [1, "with other line ends", file(lines).replaceAll("\n", "\r\n")],
    [1, "with both", file(lines).replace("\n5,", "\r\n5,")],
    [1, "with a byte order mark", `\uFEFF${file(lines)}`],
    [
      2,
      "where cells span lines, also where a piece ends",
      file(lines.map((line) => line.replace(/c(\d+)$/, '"c\n$1"'))),
    ],
    [1, "where one cell spans lines", file(withLine(7_000, '7,name,2024-01-01,"a\nb"'))],
    [2, "where a quote is never closed", file(withLine(10_000, '7,name,2024-01-01,"a'))],
    [2, "where a row is too wide", file(withLine(10_000, "7,name,2024-01-01,a,b"))],
    [2, "where bytes are no text", Buffer.from(file(withLine(10_000, "7,\xff,2024-01-01,a")), "latin1")],
    [2, "with a tail of NULs", `${file(lines)}${"\0".repeat(100_000)}`],
    [2, "in a line that is longer than a piece", file(withLine(10_000, `7,${"a".repeat(100_000)},2024-01-01,a`))],
    [2, "without rows", "id,name,day,code\n"],
    [1, "without a header", file(lines).slice(17)],
    [1, "in an empty file", ""],
    [1, "in a packed file", gzipSync(file(lines))],
  ])("in %i readings %s", async (reads, _, content) => {
    const expected = await check("one.csv", content, 1);
    expect(await check("one.csv", content, 3)).toEqual({ ...expected, reads });
    expect(await readdir(folder)).toEqual(expect.not.arrayContaining([expect.stringContaining(".values")]));
  });
});

test("the lines, counts and messages of a threaded check are right", async () => {
  const { checked } = await check("a.csv", file(lines), 2);
  expect(checked.rows).toBe(20_000);
  const found = checked.findings.map(({ check, column, count, lines }) => `${check} ${column} ${count} @${lines[0]}`);
  expect(found).toContain("unique code 10027 @9975");
  const upper = [...lines.keys()].filter((at) => lines[at]?.includes(",X,"));
  expect(found).toContain(`pattern name ${upper.length} @${(upper[0] ?? 0) + 2}`);
  expect(checked.findings.find(({ check }) => check === "type")?.message).toContain('format: "%d.%m.%Y"');
});

test("a thread that cannot start is an error", async () => {
  await writeFile(join(folder, "b.csv"), file(lines));
  const checkFile = createFileCheck(createWorkspaceFiles(folder), {
    ...{ temporary: folder, signal: new AbortController().signal, threads: 2, minThreadedBytes: 1 },
    threadScript: pathToFileURL(join(folder, "missing.mjs")),
  });
  await expect(checkFile("b.csv", { contract: CONTRACT, observers: [] }, () => undefined)).rejects.toThrow(
    "missing.mjs",
  );
});
