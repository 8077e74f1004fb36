import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Author } from "./conversation.ts";
import { comparableContent, formatMarker, parseMarker } from "./marker.ts";
import { BOT, draft, HEAD, IDENTITY, MALLORY } from "./testing.ts";
import { isTokenIdentity } from "./token-identity.ts";

const REVISION = { run: 12, attempt: 2, head: HEAD };
const MARKER = formatMarker(IDENTITY, REVISION);
const self = { kind: "bot", login: "github-actions[bot]" } as const;
const isOwnComment = (author: Author | null, body: string): boolean =>
  isTokenIdentity(author, self) && parseMarker(body, IDENTITY) !== undefined;

test("a comment of this action is recognised, also with the line ends that GitHub changed", () => {
  expect(parseMarker(`report\n\n${MARKER}\n`, IDENTITY)).toEqual(REVISION);
  expect(isOwnComment(BOT, `report\r\n\r\n${MARKER}\r\n\r\n`)).toBe(true);
});

describe("is not recognised as a comment of this action:", () => {
  const good = `report\n\n${MARKER}`;
  test.each<[string, Author | null, string]>([
    ["a copy by a person", MALLORY, good],
    ["a copy by a person of the action's name", { id: 1, login: "github-actions", bot: false }, good],
    ["a copy by a person of the bot's name", { id: 1, login: "github-actions[bot]", bot: false }, good],
    ["a copy by another bot", { id: 2, login: "dependabot[bot]", bot: true }, good],
    ["a copy by a bot of a similar name", { id: 2, login: "github-actions-2[bot]", bot: true }, good],
    ["a copy by a name with look-alike characters", { id: 2, login: "githυb-actions[bot]", bot: true }, good],
    ["a comment of a deleted account", null, good],
    ["a comment without a marker", BOT, "report"],
    ["an empty comment", BOT, ""],
    ["the marker in the middle", BOT, `${MARKER}\n\nmore`],
    ["the marker within a line", BOT, `report ${MARKER}`],
    ["the marker in a quote", BOT, `> report\n> ${MARKER}`],
    ["the marker in code", BOT, `\`${MARKER}\``],
    ["the marker in a fence", BOT, `\`\`\`\n${MARKER}\n\`\`\``],
    ["the marker indented", BOT, `report\n\n    ${MARKER}`],
    ["text after the marker", BOT, `report\n\n${MARKER} x`],
    ["two markers in a line", BOT, `report\n\n${MARKER}${MARKER}`],
    [
      "another workflow",
      BOT,
      `report\n\n${formatMarker({ ...IDENTITY, workflow: ".github/workflows/other.yml" }, REVISION)}`,
    ],
    [
      "a workflow whose name starts the same",
      BOT,
      `report\n\n${formatMarker({ ...IDENTITY, workflow: `${IDENTITY.workflow}x` }, REVISION)}`,
    ],
    ["another key", BOT, `report\n\n${formatMarker({ ...IDENTITY, key: "other" }, REVISION)}`],
    ["a key in other capitals", BOT, `report\n\n${formatMarker({ ...IDENTITY, key: "Metrics" }, REVISION)}`],
    ["another action", BOT, good.replace("report-metrics", "report-data")],
    ["a run that is not a number", BOT, good.replace("run=12", "run=1e9")],
    ["a run with too many digits", BOT, good.replace("run=12", `run=${"9".repeat(16)}`)],
    ["a negative attempt", BOT, good.replace("attempt=2", "attempt=-2")],
    ["a short head", BOT, good.replace(HEAD, "abc")],
    ["no head", BOT, good.replace(/ head=\w+/, "")],
    ["other capitals", BOT, good.replace("mlops", "MLOPS")],
    ["a space too many", BOT, good.replace(" run", "  run")],
    ["a line end within", BOT, good.replace(" run", "\nrun")],
    ["a look-alike hyphen", BOT, good.replace("report-metrics", "report‐metrics")],
  ])("%s", (_, author, body) => {
    expect(isOwnComment(author, body)).toBe(false);
  });

  test("a comment of another account, when the token's account is known", () => {
    expect(isTokenIdentity(BOT, { kind: "account", id: 7 })).toBe(false);
    expect(isTokenIdentity({ ...MALLORY, id: 7 }, { kind: "account", id: 7 })).toBe(true);
  });
});

/** Any code points, lone surrogates too, and many characters that markers use. */
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(..."<>-=! \n%/."),
    fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code)),
  ),
});

test("any workflow and key is parsed again, and the marker is one hidden line", () => {
  fc.assert(
    fc.property(anyText, anyText, fc.nat(), (workflow, key, run) => {
      const identity = { workflow, key };
      const marker = formatMarker(identity, { ...REVISION, run });
      expect(marker).toMatch(/^<!-- (?:(?!--|>)[\x21-\x7e ])+ -->$/);
      expect(parseMarker(`report\n\n${marker}\n`, identity)).toEqual({ ...REVISION, run });
    }),
  );
});

test("two bodies that differ only in their run have the same content", () => {
  const body = (run: number, text: string) =>
    draft({ run }, `${text}, see [summary](https://github.example/a/b/actions/runs/${run}/attempts/2)`).body;
  expect(comparableContent(body(1, "red"))).toBe(comparableContent(body(22, "red").replaceAll("\n", "\r\n")));
  expect(comparableContent(body(1, "red"))).not.toBe(comparableContent(body(1, "green")));
});
