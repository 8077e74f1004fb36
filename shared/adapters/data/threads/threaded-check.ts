/** Deals the pieces of a file out to threads, and puts together what they find. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { type CheckedPart, lineInFile } from "../../../core/data/checked-part.ts";
import { type CompiledContract, withoutRules } from "../../../core/data/compile-contract.ts";
import type { CheckedFile } from "../../../core/data/csv-check.ts";
import { CsvScan } from "../../../core/data/scan/csv-scan.ts";
import { createSpillFile, type TemporarySpillFile } from "../spill-file.ts";
import type { FromWorker, ToWorker, WorkerStart } from "./messages.ts";

export interface ThreadSettings {
  /** The script that each thread runs. */
  readonly script: URL;
  readonly count: number;
  readonly pieceBytes: number;
  /** A folder for what memory has no room for. */
  readonly temporary: string;
  /** In bytes, for the values of all threads. */
  readonly memoryPerColumn: number;
}

/** Where more threads would wait for the one that reads. */
const MAX_THREADS = 8;
export const usefulThreads = (): number => Math.min(availableParallelism(), MAX_THREADS);

/** A thread makes little that lives short: by itself, the engine would give each a heap of 48 MB for it. */
const THREAD_LIMITS = { maxYoungGenerationSizeMb: 2 };

const LINE_FEED = 10;

interface Thread {
  readonly worker: Worker;
  readonly spill: TemporarySpillFile;
  readonly finished: Promise<CheckedPart | undefined>;
}

/** Takes the content of one plain file. Once it has failed, one thread must check the file from its beginning. */
export class ThreadedCheck {
  readonly #settings: ThreadSettings;
  readonly #contract: CompiledContract;
  /** Checks the head, and becomes the check of the whole. */
  readonly #check: CsvScan;
  readonly #spill: TemporarySpillFile;
  #threads: readonly Thread[] = [];
  #hasFailed = false;
  #error: Error | undefined;

  /** The piece that is being filled. */
  #piece: Uint8Array<ArrayBuffer>;
  #length = 0;
  readonly #free: ArrayBuffer[] = [];
  #buffers = 0;
  #wake: () => void = () => undefined;
  #nextPiece = 0;
  #headLine = 1;
  /** Of each piece, undefined while it is being checked. */
  readonly #lines: (number | undefined)[] = [];
  #pending = 0;

  constructor(contract: CompiledContract, settings: ThreadSettings) {
    this.#settings = settings;
    this.#contract = contract;
    this.#spill = createSpillFile(settings.temporary);
    this.#check = new CsvScan(contract, { spill: { file: this.#spill, memoryPerColumn: settings.memoryPerColumn } });
    this.#piece = new Uint8Array(settings.pieceBytes);
    this.#buffers = 1;
  }

  /** Returns false when no more is wanted, as it has failed. */
  async push(content: Uint8Array): Promise<boolean> {
    for (let from = 0; from < content.length && !this.#hasFailed; ) {
      const part = content.subarray(from, from + this.#piece.length - this.#length);
      this.#piece.set(part, this.#length);
      this.#length += part.length;
      from += part.length;
      if (this.#length === this.#piece.length) await this.#deal();
    }
    return !this.#hasFailed;
  }

  /** The result; undefined when it has failed. */
  async end(): Promise<CheckedFile | undefined> {
    if (!this.#hasFailed) await this.#deal(true);
    while (this.#pending > 0 && !this.#hasFailed) await this.#wait();
    if (this.#error !== undefined) throw this.#error;
    if (this.#hasFailed) return undefined;
    for (const { worker } of this.#threads) worker.postMessage({ kind: "finish" } satisfies ToWorker);
    const found = await Promise.all(this.#threads.map(({ finished }) => finished));
    const parts = found.flatMap((part, at) => (part ? [{ ...part, spill: this.#threads[at]?.spill }] : []));
    if (parts.length < found.length) return undefined;
    let line = this.#headLine;
    const firstLines = this.#lines.map((lines = 0) => {
      line += lines;
      return line - lines;
    });
    this.#check.absorb(parts, (position) => lineInFile(firstLines, position));
    return this.#check.end();
  }

  /** Ends the threads and removes their files. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
    for (const { spill } of [...this.#threads, { spill: this.#spill }]) spill.close();
  }

  /** Hands the lines of the piece on, and begins the next one with what is no complete line. */
  async #deal(isLast = false): Promise<void> {
    const bytes = this.#piece.subarray(0, this.#length);
    let from = 0;
    if (this.#threads.length === 0) {
      const head = this.#check.readHead(bytes);
      if (head === undefined) return this.#fail();
      from = head.end;
      this.#headLine = head.line;
      this.#threads = Array.from({ length: this.#settings.count }, () => this.#startThread(head.names));
    }
    const end = isLast ? this.#length : bytes.lastIndexOf(LINE_FEED) + 1;
    // A line that is longer than a piece.
    if (!isLast && end <= from) return this.#fail();
    const next = await this.#takeBuffer();
    const rest = bytes.subarray(end);
    next.set(rest);
    this.#length = rest.length;
    this.#send(this.#piece.buffer, from, end, isLast);
    this.#piece = next;
  }

  #send(buffer: ArrayBuffer, from: number, end: number, isLast: boolean): void {
    const piece = this.#nextPiece;
    const thread = this.#threads[piece % this.#threads.length];
    if (from > 0) new Uint8Array(buffer).copyWithin(0, from, end);
    this.#nextPiece += 1;
    this.#pending += 1;
    this.#lines.push(undefined);
    const message: ToWorker = { kind: "piece", piece, buffer, length: end - from, isLast };
    thread?.worker.postMessage(message, [buffer]);
  }

  /** Waits until a piece was checked when enough are on their way: that bounds the memory. */
  async #takeBuffer(): Promise<Uint8Array<ArrayBuffer>> {
    const { count, pieceBytes } = this.#settings;
    if (this.#buffers < 2 * count + 1) {
      this.#buffers += 1;
      return new Uint8Array(pieceBytes);
    }
    while (this.#free.length === 0 && !this.#hasFailed) await this.#wait();
    return new Uint8Array(this.#free.pop() ?? new ArrayBuffer(pieceBytes));
  }

  #wait(): Promise<void> {
    return new Promise((done) => {
      this.#wake = done;
    });
  }

  #fail(error?: Error): void {
    this.#hasFailed = true;
    this.#error ??= error;
    this.#wake();
  }

  #startThread(names: readonly string[] | undefined): Thread {
    const spill = createSpillFile(this.#settings.temporary);
    const workerData: WorkerStart = {
      contract: withoutRules(this.#contract),
      names,
      spillDescriptor: spill.descriptor(),
      memoryPerColumn: this.#settings.memoryPerColumn / this.#settings.count,
    };
    const worker = new Worker(this.#settings.script, { workerData, resourceLimits: THREAD_LIMITS });
    const finished = new Promise<CheckedPart | undefined>((done) => {
      worker.on("message", (message: FromWorker) => {
        if (message.kind === "finished") done(message.part);
        else this.#takeChecked(message);
      });
      worker.on("error", (error: Error) => this.#fail(error));
      worker.on("exit", () => {
        if (this.#pending > 0) this.#fail();
        done(undefined);
      });
    });
    return { worker, spill, finished };
  }

  #takeChecked({ piece, lines, buffer }: Extract<FromWorker, { kind: "checked" }>): void {
    this.#lines[piece] = lines;
    this.#free.push(buffer);
    this.#pending -= 1;
    if (lines === undefined) this.#hasFailed = true;
    this.#wake();
  }
}
