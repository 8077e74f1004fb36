/** Takes the files of a model out of an archive while it arrives; nothing else of it is written. */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { type Below, storePath } from "../../core/registry/bytes/store-paths.ts";
import { refused } from "../../problem/problem.ts";
import type { FileRecord } from "../../records/fields.ts";
import { TarReader } from "../files/archive/tar-reader.ts";
import { textOfName } from "../files/archive/zip-format.ts";
import { ZipReader } from "../files/archive/zip-reader.ts";
import type { ModelWriter, OpenFile } from "./model-writer.ts";

export interface PackedModel {
  /** For messages. */
  readonly name: string;
  readonly files: readonly FileRecord[];
  readonly below: Below | undefined;
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly writer: ModelWriter;
}

type Packing = "zip" | "tar" | "tar.gz" | "tar.zst";

/** By the name; what is inside is held to it. @returns `undefined`: it is no archive */
export function packingOf(name: string): Packing | undefined {
  const [, ending] = /\.(zip|tar|tar\.gz|tgz|tar\.zst)$/.exec(name) ?? [];
  return ending === "tgz" ? "tar.gz" : (ending as Packing | undefined);
}

/** @throws ActionError (a refusal) `archive-broken`, `model-file-differs`, `archive-unsafe` */
export async function unpackModel(packing: Packing, model: PackedModel): Promise<void> {
  if (packing === "zip") return unpackZip(model);
  return unpackTar({ ...model, bytes: unpacked(packing, model) });
}

/** As much of the archive as is unpacked at once: a thousand times as much may come out of it. */
const SLICE_BYTES = 16 * 1024;

async function unpackZip(model: PackedModel): Promise<void> {
  const { name, bytes, writer } = model;
  const wanted = filesByStorePath(model);
  /** What the archive gave since the last write, in order. */
  let given: ({ readonly file: FileRecord } | Uint8Array)[] = [];
  const reader = new ZipReader({
    open(member) {
      const file = wanted.get(textOfName(member.name));
      if (file === undefined) return "skip";
      given.push({ file });
      return "take";
    },
    take: (content) => given.push(content) > 0,
    count: () => undefined,
  });
  let open: OpenFile | undefined;
  const write = async (): Promise<void> => {
    const items = given;
    given = [];
    for (const item of items) {
      if (item instanceof Uint8Array) await open?.write(item);
      else {
        await open?.close();
        open = await writer.open(item.file);
      }
    }
  };
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; at += SLICE_BYTES) {
      await reader.push(chunk.subarray(at, at + SLICE_BYTES));
      await write();
    }
  }
  const trouble = await reader.end();
  await write();
  await open?.close();
  if (trouble !== undefined) throw broken(name, trouble.message);
}

async function unpackTar(model: PackedModel): Promise<void> {
  const { name, bytes, writer } = model;
  const wanted = filesByStorePath(model);
  let open: OpenFile | undefined;
  const reader = new TarReader({
    async open(path) {
      const file = wanted.get(path);
      await open?.close();
      open = file === undefined ? undefined : await writer.open(file);
      return file !== undefined;
    },
    take: async (content) => open?.write(content),
  });
  for await (const chunk of bytes) {
    const fault = await reader.push(chunk);
    if (fault !== undefined) throw broken(name, `the tar archive ${fault}`);
  }
  await open?.close();
  const fault = reader.end();
  if (fault !== undefined) throw broken(name, `the tar archive ${fault}`);
}

async function* unpacked(packing: Packing, { name, bytes }: PackedModel): AsyncGenerator<Uint8Array> {
  if (packing === "tar") return yield* bytes;
  const stream = packing === "tar.gz" ? createGunzip() : createZstdDecompress();
  let isTheirs = false;
  const source = Readable.from(bytes).on("error", () => {
    isTheirs = true;
  });
  const fed = pipeline(source, stream).catch((error: unknown) => error);
  try {
    for await (const chunk of stream) yield chunk;
  } catch (error) {
    if (isTheirs) throw await fed;
    throw broken(name, `it is not what its name says, or is cut off: ${(error as Error).message}`);
  }
}

function filesByStorePath({ files, below }: PackedModel): ReadonlyMap<string, FileRecord> {
  return new Map(
    files.flatMap((file) => {
      const path = storePath(file.path, below);
      return path === undefined ? [] : [[path, file] as const];
    }),
  );
}

const broken = (name: string, why: string) =>
  refused({
    code: "archive-broken",
    message: `${name}: ${why}`,
    fix: "Deploy nothing of it; upload the model again, and register it as the next version",
  });
