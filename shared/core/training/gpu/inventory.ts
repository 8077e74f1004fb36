/** The GPUs of a machine and their MIG slices. */
import { parseXml, type XmlElement, XmlError } from "@rgrove/parse-xml";
import { parseFlag, parseMebibytes, parseNumber, parseRows, parseText } from "./parse-value.ts";

export interface Gpu {
  readonly index: number;
  readonly uuid: string;
  readonly name: string;
  readonly driver: string | null;
  /** For example 9 for an H100; also such as 8.6. */
  readonly computeCapability: number | null;
  readonly memoryBytes: number | null;
  /** What can be had: less than total without used. */
  readonly freeBytes: number | null;
  readonly eccErrors: number | null;
  readonly remapFailed: boolean | null;
  /** What the driver asks for, such as `Reset`; `null` for nothing and when it does not tell. */
  readonly recoveryAction: string | null;
  readonly isPartitioned: boolean;
  readonly slices: readonly MigSlice[];
}

export interface MigSlice {
  readonly uuid: string;
  /** Its number on its GPU. */
  readonly device: number;
  /** For example `3g.40gb`. */
  readonly profile: string;
  readonly memoryBytes: number | null;
  readonly usedBytes: number | null;
}

/**
 * @param fields that were asked for, `index` among them; @param rows what `--query-gpu` printed
 * @param list what `-L` printed: only there are slices with their UUID
 * @param details what `-q -x` printed: only there is the memory of slices
 */
export function readInventory(
  fields: readonly string[],
  rows: string,
  list: string,
  details: string | undefined,
): readonly Gpu[] {
  const memory = details === undefined ? new Map<string, SliceMemory>() : readSliceMemory(details);
  const slices = parseSlices(list);
  return parseRows(rows, fields.length).flatMap((cells) => {
    const cell = (name: string): string | undefined => cells[fields.indexOf(name)];
    const index = parseNumber(cell("index"));
    const name = parseText(cell("name"));
    if (index === null || name === null) return [];
    const action = parseText(cell("gpu_recovery_action"));
    const own = slices.filter((slice) => slice.gpu === index);
    return [
      {
        ...{ index, name, uuid: parseText(cell("uuid")) ?? "", driver: parseText(cell("driver_version")) },
        computeCapability: parseNumber(cell("compute_cap")),
        ...{ memoryBytes: parseMebibytes(cell("memory.total")), freeBytes: parseMebibytes(cell("memory.free")) },
        eccErrors: parseNumber(cell("ecc.errors.uncorrected.volatile.total")),
        remapFailed: parseFlag(cell("remapped_rows.failure")),
        recoveryAction: action === null || /^none$/i.test(action) ? null : action,
        isPartitioned: parseFlag(cell("mig.mode.current")) ?? own.length > 0,
        slices: own.map(({ gpu, ...slice }) => ({ ...slice, ...(memory.get(`${gpu}:${slice.device}`) ?? UNKNOWN) })),
      },
    ];
  });
}

interface SliceMemory {
  readonly memoryBytes: number | null;
  readonly usedBytes: number | null;
}

const UNKNOWN: SliceMemory = { memoryBytes: null, usedBytes: null };

/** `GPU 0: NAME (UUID: GPU-…)`, and below it `  MIG 3g.40gb  Device  0: (UUID: MIG-…)`. */
function parseSlices(list: string): readonly { gpu: number; uuid: string; device: number; profile: string }[] {
  let gpu = -1;
  return list.split(/\r?\n/).flatMap((line) => {
    gpu = Number(/^GPU (\d{1,4}): /.exec(line)?.[1] ?? gpu);
    const slice = /^\s{1,8}MIG (\S{1,40})\s{1,40}Device\s{1,8}(\d{1,3}): \(UUID: (MIG-[\w/-]{1,100})\)/.exec(line);
    return slice === null ? [] : [{ gpu, profile: slice[1] ?? "", device: Number(slice[2]), uuid: slice[3] ?? "" }];
  });
}

/** By the number of the GPU and of the slice on it, `0:1`. Empty for what is no such document. */
export function readSliceMemory(details: string): ReadonlyMap<string, SliceMemory> {
  const root = parse(details);
  const found = (root === undefined ? [] : childrenOf(root, "gpu")).flatMap((gpu, index) =>
    childrenOf(gpu, "mig_devices").flatMap((devices) =>
      childrenOf(devices, "mig_device").map((device): readonly [string, SliceMemory] => {
        const [usage] = childrenOf(device, "fb_memory_usage");
        const amount = (name: string): number | null =>
          usage === undefined ? null : parseMebibytes(childrenOf(usage, name)[0]?.text);
        const number = childrenOf(device, "index")[0]?.text ?? "";
        return [`${index}:${number}`, { memoryBytes: amount("total"), usedBytes: amount("used") }];
      }),
    ),
  );
  return new Map(found);
}

function parse(details: string): XmlElement | undefined {
  try {
    return parseXml(details).root ?? undefined;
  } catch (error) {
    if (error instanceof XmlError) return undefined;
    throw error;
  }
}

const childrenOf = (element: XmlElement, name: string): readonly XmlElement[] =>
  element.children.filter((child): child is XmlElement => "name" in child && child.name === name);
