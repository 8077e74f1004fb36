import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Author } from "./conversation.ts";
import { formatMarker, isMarked } from "./marker.ts";
import { BOT, MALLORY, WORKFLOW } from "./testing.ts";
import { isTokenIdentity } from "./token-identity.ts";

const MARKER = formatMarker(WORKFLOW);
const self = { kind: "bot", login: "github-actions[bot]" } as const;
const isOwnComment = (author: Author | null, body: string): boolean =>
  isTokenIdentity(author, self) && isMarked(body, WORKFLOW);

test("a comment of this action is recognised, also with the line ends that GitHub changed", () => {
  expect(isMarked(`report\n\n${MARKER}\n`, WORKFLOW)).toBe(true);
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
    ["another workflow", BOT, `report\n\n${formatMarker(".github/workflows/other.yml")}`],
    ["a workflow whose name starts the same", BOT, `report\n\n${formatMarker(`${WORKFLOW}x`)}`],
    ["a workflow in other capitals", BOT, `report\n\n${formatMarker(WORKFLOW.toUpperCase())}`],
    ["another suite", BOT, good.replace("mlops-actions/comment", "mlops-actions/other")],
    ["other capitals", BOT, good.replace("mlops", "MLOPS")],
    ["a space too many", BOT, good.replace(" workflow", "  workflow")],
    ["a line end within", BOT, good.replace(" workflow", "\nworkflow")],
    ["a look-alike hyphen", BOT, good.replace("mlops-actions", "mlops‐actions")],
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

test("any workflow is recognised again, and the marker is one hidden line", () => {
  fc.assert(
    fc.property(anyText, (workflow) => {
      const marker = formatMarker(workflow);
      expect(marker).toMatch(/^<!-- (?:(?!--|>)[\x21-\x7e ])+ -->$/);
      expect(isMarked(`report\n\n${marker}\n`, workflow)).toBe(true);
    }),
  );
});
