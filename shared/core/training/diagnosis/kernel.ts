/** What the kernel says about GPUs and memory: NVIDIA's Xid errors, and processes that it killed. */

/**
 * Xid errors that mean a fault of the hardware: double-bit and uncontained ECC errors, a page that cannot be retired, NVLink,
 * a GPU that has left the bus, GSP and firmware errors (docs.nvidia.com/deploy/xid-errors). Others (13, 31, 43, 45) are
 * mostly the program's.
 */
const HARDWARE_XIDS: ReadonlySet<number> = new Set([
  48, 62, 64, 74, 79, 94, 95, 109, 110, 119, 120, 136, 140, 143, 155,
]);
/** An invalid access of the program: engine exception, page fault, reset channel. */
const PROGRAM_XIDS: ReadonlySet<number> = new Set([13, 31, 43, 69]);

const XID = /NVRM: Xid \([^)]{1,60}\): (\d{1,4}),/;
const OOM_KILL = /\b(?:Memory cgroup out of memory|Out of memory): Killed process (\d+)|\boom-kill:constraint=/;

const findXid = (messages: readonly string[], xids: ReadonlySet<number>): string | undefined =>
  messages.find((message) => xids.has(Number(XID.exec(message)?.[1] ?? Number.NaN)));

export const findHardwareXid = (messages: readonly string[]): string | undefined => findXid(messages, HARDWARE_XIDS);

export const findProgramXid = (messages: readonly string[]): string | undefined => findXid(messages, PROGRAM_XIDS);

export const findOomKill = (messages: readonly string[]): string | undefined =>
  messages.find((message) => OOM_KILL.test(message));
