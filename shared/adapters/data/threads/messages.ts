/** What the threads say to each other. */
import type { CheckedPart } from "../../../core/data/checked-part.ts";
import type { ResolvedContract } from "../../../core/data/compile-contract.ts";

/** What a worker begins with, as its `workerData`. */
export interface WorkerStart {
  readonly contract: ResolvedContract;
  readonly names: readonly string[] | undefined;
  /** Of a file that is open in this process, for values that must be unique. */
  readonly spillDescriptor: number;
  readonly memoryPerColumn: number;
}

export type ToWorker =
  | {
      readonly kind: "piece";
      readonly piece: number;
      readonly buffer: ArrayBuffer;
      readonly length: number;
      readonly isLast: boolean;
    }
  | { readonly kind: "finish" };

export type FromWorker =
  /** `lines` is undefined when the piece ended within a record. The buffer comes back to be used again. */
  | {
      readonly kind: "checked";
      readonly piece: number;
      readonly lines: number | undefined;
      readonly buffer: ArrayBuffer;
    }
  /** `part` is undefined where it cannot be added to others. */
  | { readonly kind: "finished"; readonly part: CheckedPart | undefined };
