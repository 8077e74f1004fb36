/** Takes in a push: stores its objects, moves its refs one by one through the hub's own rules, reports on each. */
import { storePack } from "../git/incoming-pack.ts";
import { assertPushAllowed } from "../operations/refs/push-rules.ts";
import { deleteRef, pushRef, ZERO_SHA } from "../operations/refs/refs.ts";
import { ApiError } from "../world/api-error.ts";
import type { Caller } from "../world/caller.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { FLUSH, pktLine, readPktSection, sideBand } from "./pkt-line.ts";

/** GitHub docs, "Events that trigger workflows", push: no events for tags when more than three are pushed at once. */
export const MAX_TAGS_WITH_EVENTS = 3;
/** Same place: no events when more than 5,000 branches are pushed at once. */
const MAX_BRANCHES_WITH_EVENTS = 5_000;

interface RefUpdateCommand {
  readonly before: string;
  readonly after: string;
  readonly ref: string;
}

interface RefUpdateResult {
  readonly ref: string;
  /** Why it was refused; absent when it was done. */
  readonly reason?: string;
  /** What is said to the person besides. */
  readonly remarks?: readonly string[];
}

/** Answers the body of a `git-receive-pack` request with what the client is to be told. */
export async function receivePush(
  world: World,
  repository: Repository,
  request: Buffer,
  caller: Caller,
): Promise<Buffer> {
  const { commands, capabilities, pack } = readPush(request);
  // A client that is about to send much asks first, with nothing, whether it may.
  if (commands.length === 0) return FLUSH;
  const tips = commands.map(({ after }) => after).filter((sha) => sha !== ZERO_SHA);
  const problem = await storePack(repository.git.directory, pack, tips);
  const verdicts: RefUpdateResult[] = [];
  for (const command of commands)
    verdicts.push(
      problem === undefined
        ? await applyCommand(world, repository, command, suppressesEvents(command, commands), caller)
        : { ref: command.ref, reason: problem },
    );
  return formatReportStatus(problem, verdicts, capabilities.includes("side-band-64k"));
}

function readPush(request: Buffer): { commands: RefUpdateCommand[]; capabilities: readonly string[]; pack: Buffer } {
  const { lines, rest } = readPktSection(request);
  const capabilities =
    lines
      .find((line) => line.includes("\0"))
      ?.split("\0")[1]
      ?.trim()
      .split(" ") ?? [];
  // Lines that begin otherwise (`shallow …`) say what history the client lacks; what is complete here is checked here.
  const commands = lines.flatMap((line) => {
    const [, before, after, ref] = /^([0-9a-f]{40}) ([0-9a-f]{40}) ([^\0]+)/.exec(line) ?? [];
    return before !== undefined && after !== undefined && ref !== undefined ? [{ before, after, ref }] : [];
  });
  return { commands, capabilities, pack: rest };
}

async function applyCommand(
  world: World,
  repository: Repository,
  { before, after, ref }: RefUpdateCommand,
  quiet: boolean,
  caller: Caller,
): Promise<RefUpdateResult> {
  const now = (await repository.git.ref(ref))?.sha ?? ZERO_SHA;
  if (now !== before) return { ref, reason: `is at ${now} but expected ${before}` };
  try {
    await assertPushAllowed(world, repository, ref, before, after, caller);
  } catch (error) {
    return { ref, reason: "protected branch hook declined", remarks: protectedBranchRemarks(ref, error) };
  }
  try {
    const how = { ref, expected: before, skipProtection: true, suppressEvents: quiet };
    if (after === ZERO_SHA) await deleteRef(world, repository, how, caller);
    // The client has held back what is no fast forward, unless it was told to force it.
    else await pushRef(world, repository, { ...how, sha: after, force: true }, caller);
    return { ref };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { ref, reason: error.message };
  }
}

function protectedBranchRemarks(ref: string, error: unknown): readonly string[] {
  if (!(error instanceof ApiError)) throw error;
  return [
    `error: GH006: Protected branch update failed for ${ref}.`,
    ...error.message.split("\n").map((line) => `error: ${line}`),
  ];
}

function suppressesEvents({ ref }: RefUpdateCommand, all: readonly RefUpdateCommand[]): boolean {
  const kind = ref.startsWith("refs/tags/") ? "refs/tags/" : "refs/heads/";
  const alike = all.filter((command) => command.ref.startsWith(kind)).length;
  return alike > (kind === "refs/tags/" ? MAX_TAGS_WITH_EVENTS : MAX_BRANCHES_WITH_EVENTS);
}

/** The report that `report-status` asks for (gitprotocol-pack, "Report Status"). */
function formatReportStatus(
  problem: string | undefined,
  verdicts: readonly RefUpdateResult[],
  banded: boolean,
): Buffer {
  const lines = [
    pktLine(`unpack ${problem ?? "ok"}\n`),
    ...verdicts.map(({ ref, reason }) =>
      pktLine(reason === undefined ? `ok ${ref}\n` : `ng ${ref} ${oneLine(reason)}\n`),
    ),
    FLUSH,
  ];
  if (!banded) return Buffer.concat(lines);
  const remarks = verdicts.flatMap((verdict) => verdict.remarks ?? []);
  const spoken = remarks.length > 0 ? [sideBand(2, Buffer.from(`${remarks.join("\n")}\n`))] : [];
  return Buffer.concat([...spoken, sideBand(1, Buffer.concat(lines)), FLUSH]);
}

const oneLine = (text: string): string => text.replaceAll(/\s*\n\s*/g, " ");
