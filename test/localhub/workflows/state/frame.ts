/** Frames: the workflow files of a run at work. */
import type { Execution, Frame, JobNode } from "./execution.ts";

export interface FrameCaller {
  readonly frame: Frame;
  readonly key: string;
  readonly name: string;
  /** The calling leg's. */
  readonly path: string;
  readonly fresh: boolean;
}

export function openFrame(
  wanted: Pick<Frame, "workflow" | "inputs" | "secrets" | "permissions" | "leases"> & {
    readonly caller: FrameCaller | undefined;
  },
): Frame {
  const { caller, ...rest } = wanted;
  const nodes = new Map(wanted.workflow.file.jobs.map((definition) => [keyOf(definition.id), openNode(definition)]));
  return {
    ...rest,
    names: caller ? [...caller.frame.names, caller.name] : [],
    keys: caller ? [...caller.frame.keys, caller.key] : [],
    path: caller?.path,
    parent: caller?.frame,
    nodes,
    fresh: caller?.fresh ?? false,
    cancelled: false,
  };
}

/** The jobs that `needs` names. GitHub compares the keys of jobs without case. */
export const nodesNamed = (nodes: Frame["nodes"], needs: readonly string[]): readonly JobNode[] =>
  needs.flatMap((need) => nodes.get(keyOf(need)) ?? []);

const keyOf = (id: string): string => id.toLowerCase();

function openNode(definition: JobNode["definition"]): JobNode {
  return { definition, done: Promise.withResolvers(), result: "cancelled", outputs: {}, played: false };
}

/** Whether the frame is `other` or was called, however indirectly, from it. */
function isWithin(frame: Frame | undefined, other: Frame): boolean {
  return frame !== undefined && (frame === other || isWithin(frame.parent, other));
}

/** The legs at work in the frame and in those below it. */
export const legsWithin = (execution: Execution, frame: Frame) =>
  [...execution.active].filter((leg) => isWithin(leg.frame, frame));
