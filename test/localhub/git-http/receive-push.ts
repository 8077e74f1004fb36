/** Receives a push: stores its objects, moves its refs one by one under the same rules as the API, reports on each. */
import { ZERO_SHA } from "../git/git-repository.ts";
import { storePack } from "../git/incoming-pack.ts";
import { assertPushAllowed } from "../operations/refs/push-rules.ts";
import { deleteRef, moveRef } from "../operations/refs/refs.ts";
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
  /** Why the update was rejected; absent when it was applied. */
  readonly reason?: string;
  /** More messages for the person who pushes. */
  readonly messages?: readonly string[];
}

/** @returns The response body for the body of a `git-receive-pack` request. */
export async function receivePush(
  world: World,
  repository: Repository,
  request: Buffer,
  caller: Caller,
): Promise<Buffer> {
  const { commands, capabilities, pack } = readPush(request);
  // Before a client sends much data, it sends an empty request to check that it may push.
  if (commands.length === 0) return FLUSH;
  const tips = commands.map(({ after }) => after).filter((sha) => sha !== ZERO_SHA);
  const problem = await storePack(repository.git.directory, pack, tips);
  const results: RefUpdateResult[] = [];
  for (const command of commands)
    results.push(
      problem === undefined
        ? await applyCommand(world, repository, command, suppressesEvents(command, commands), caller)
        : { ref: command.ref, reason: problem },
    );
  return formatReportStatus(problem, results, capabilities.includes("side-band-64k"));
}

function readPush(request: Buffer): { commands: RefUpdateCommand[]; capabilities: readonly string[]; pack: Buffer } {
  const { lines, rest } = readPktSection(request);
  const capabilities =
    lines
      .find((line) => line.includes("\0"))
      ?.split("\0")[1]
      ?.trim()
      .split(" ") ?? [];
  // Other lines (`shallow …`) list the history that the client lacks; the server checks completeness itself.
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
  suppressEvents: boolean,
  caller: Caller,
): Promise<RefUpdateResult> {
  const now = (await repository.git.ref(ref))?.sha ?? ZERO_SHA;
  if (now !== before) return { ref, reason: `is at ${now} but expected ${before}` };
  try {
    await assertPushAllowed(world, repository, ref, before, after, caller);
  } catch (error) {
    return { ref, reason: "protected branch hook declined", messages: protectedBranchMessages(ref, error) };
  }
  try {
    const move = { ref, expected: before, skipProtection: true, suppressEvents };
    if (after === ZERO_SHA) await deleteRef(world, repository, move, caller);
    // The client itself rejects a push that is not a fast-forward, unless it is forced.
    else await moveRef(world, repository, { ...move, sha: after, force: true }, caller);
    return { ref };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { ref, reason: error.message };
  }
}

function protectedBranchMessages(ref: string, error: unknown): readonly string[] {
  if (!(error instanceof ApiError)) throw error;
  return [
    `error: GH006: Protected branch update failed for ${ref}.`,
    ...error.message.split("\n").map((line) => `error: ${line}`),
  ];
}

function suppressesEvents({ ref }: RefUpdateCommand, all: readonly RefUpdateCommand[]): boolean {
  const kind = ref.startsWith("refs/tags/") ? "refs/tags/" : "refs/heads/";
  const count = all.filter((command) => command.ref.startsWith(kind)).length;
  return count > (kind === "refs/tags/" ? MAX_TAGS_WITH_EVENTS : MAX_BRANCHES_WITH_EVENTS);
}

/** The report for the capability `report-status` (gitprotocol-pack, "Report Status"). */
function formatReportStatus(
  problem: string | undefined,
  results: readonly RefUpdateResult[],
  useSideBand: boolean,
): Buffer {
  const lines = [
    pktLine(`unpack ${problem ?? "ok"}\n`),
    ...results.map(({ ref, reason }) =>
      pktLine(reason === undefined ? `ok ${ref}\n` : `ng ${ref} ${oneLine(reason)}\n`),
    ),
    FLUSH,
  ];
  if (!useSideBand) return Buffer.concat(lines);
  const messages = results.flatMap((result) => result.messages ?? []);
  const messageLines = messages.length > 0 ? [sideBand(2, Buffer.from(`${messages.join("\n")}\n`))] : [];
  return Buffer.concat([...messageLines, sideBand(1, Buffer.concat(lines)), FLUSH]);
}

const oneLine = (text: string): string => text.replaceAll(/\s*\n\s*/g, " ");
