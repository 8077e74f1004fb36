/** Call frames: the workflow files that a run executes. */
import type { CallFrame, Execution, JobNode } from "./execution.ts";

export interface FrameCaller {
  readonly frame: CallFrame;
  readonly key: string;
  readonly name: string;
  /** The path of the calling job instance. */
  readonly path: string;
  readonly mustRerun: boolean;
}

export function createFrame(
  request: Pick<CallFrame, "workflow" | "inputs" | "secrets" | "permissions" | "leases"> & {
    readonly caller: FrameCaller | undefined;
  },
): CallFrame {
  const { caller, ...rest } = request;
  const nodes = new Map(request.workflow.file.jobs.map((definition) => [keyOf(definition.id), createNode(definition)]));
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

/** The jobs listed in `needs`. GitHub compares job keys without regard to case. */
export const findNodes = (nodes: CallFrame["nodes"], needs: readonly string[]): readonly JobNode[] =>
  needs.flatMap((need) => nodes.get(keyOf(need)) ?? []);

const keyOf = (id: string): string => id.toLowerCase();

function createNode(definition: JobNode["definition"]): JobNode {
  return { definition, done: Promise.withResolvers(), result: "cancelled", outputs: {}, executed: false };
}

/** Whether the frame is `other` or was called, however indirectly, from it. */
function isWithin(frame: CallFrame | undefined, other: CallFrame): boolean {
  return frame !== undefined && (frame === other || isWithin(frame.parent, other));
}

/** The active job instances of the frame and of those below it. */
export const activeInstancesIn = (execution: Execution, frame: CallFrame) =>
  [...execution.active].filter((instance) => isWithin(instance.frame, frame));
