/** Frames: the workflow files of a run at work. */
import type { CallFrame, Execution, JobNode } from "./execution.ts";

export interface FrameCaller {
  readonly frame: CallFrame;
  readonly key: string;
  readonly name: string;
  /** The calling leg's. */
  readonly path: string;
  readonly mustRerun: boolean;
}

export function createFrame(
  wanted: Pick<CallFrame, "workflow" | "inputs" | "secrets" | "permissions" | "leases"> & {
    readonly caller: FrameCaller | undefined;
  },
): CallFrame {
  const { caller, ...rest } = wanted;
  const nodes = new Map(wanted.workflow.file.jobs.map((definition) => [keyOf(definition.id), openNode(definition)]));
  return {
    ...rest,
    names: caller ? [...caller.frame.names, caller.name] : [],
    keys: caller ? [...caller.frame.keys, caller.key] : [],
    path: caller?.path,
    parent: caller?.frame,
    nodes,
    mustRerun: caller?.mustRerun ?? false,
    cancelled: false,
  };
}

/** The jobs that `needs` names. GitHub compares the keys of jobs without case. */
export const findNodes = (nodes: CallFrame["nodes"], needs: readonly string[]): readonly JobNode[] =>
  needs.flatMap((need) => nodes.get(keyOf(need)) ?? []);

const keyOf = (id: string): string => id.toLowerCase();

function openNode(definition: JobNode["definition"]): JobNode {
  return { definition, done: Promise.withResolvers(), result: "cancelled", outputs: {}, executed: false };
}

/** Whether the frame is `other` or was called, however indirectly, from it. */
function isWithin(frame: CallFrame | undefined, other: CallFrame): boolean {
  return frame !== undefined && (frame === other || isWithin(frame.parent, other));
}

/** The legs at work in the frame and in those below it. */
export const activeInstancesIn = (execution: Execution, frame: CallFrame) =>
  [...execution.active].filter((leg) => isWithin(leg.frame, frame));
