/** A pull request's conversation on GitHub. */
import * as z from "zod";
import type { Comment, Conversation } from "../../core/comment/conversation.ts";
import { type GitHub, GitHubError } from "./github.ts";
import { parseResponse } from "./parse-response.ts";
import { readPull } from "./pulls.ts";
import { realTime, type Time } from "./time.ts";

const comment = z
  .object({
    id: z.int().positive(),
    body: z.string().nullish(),
    html_url: z.string(),
    user: z.object({ id: z.int(), login: z.string(), type: z.string() }).nullish(),
  })
  .transform(
    ({ id, body, html_url: url, user }): Comment => ({
      id,
      url,
      body: body ?? "",
      author: user ? { id: user.id, login: user.login, bot: user.type === "Bot" } : null,
    }),
  );
const user = z.object({ id: z.int() });

/** As often as any other request is repeated; the waits add up to eight seconds. */
const MAX_DOUBTS = 4;
const FIRST_DOUBT_WAIT_MS = 500;

/** @param number of the pull request; its conversation is that of the issue with the same number */
export function createConversation(
  github: GitHub,
  number: number,
  signal: AbortSignal,
  time: Pick<Time, "sleep"> = realTime,
): Conversation {
  const { repository } = github;
  const { issues, users } = github.rest;
  /** Updates in a row whose effect is unknown. */
  let doubts = 0;
  const parseComment = (item: unknown): Comment => parseResponse(comment, item, `a comment on #${number}`);

  async function list(): Promise<readonly Comment[]> {
    return (await github.readAll(issues.listComments, { ...repository, issue_number: number })).map(parseComment);
  }

  return {
    list,
    async read(id) {
      const found = await github.find(() => issues.getComment({ ...repository, comment_id: id }));
      return found === undefined ? undefined : parseComment(found);
    },
    create: (body) =>
      github.writeOnce({
        async send() {
          const { data } = await issues.createComment({ ...repository, issue_number: number, body });
          return parseComment(data);
        },
        // The body ends with our marker and its revision: no other run writes the same body.
        find: async () => (await list()).find((item) => normalizeText(item.body) === normalizeText(body)),
      }),
    async update(id, body) {
      try {
        const outcome = await unlessDeleted(issues.updateComment({ ...repository, comment_id: id, body }));
        doubts = 0;
        return outcome;
      } catch (error) {
        doubts += 1;
        if (!(error instanceof GitHubError && error.code === "github-unreachable") || doubts > MAX_DOUBTS) throw error;
        await time.sleep(FIRST_DOUBT_WAIT_MS * 2 ** (doubts - 1), signal);
        return "in doubt";
      }
    },
    async remove(id) {
      await unlessDeleted(issues.deleteComment({ ...repository, comment_id: id }));
    },
    head: async () => (await readPull(github, number)).head.sha,
    async account() {
      try {
        return parseResponse(user, (await users.getAuthenticated()).data, "the token's owner").id;
      } catch (error) {
        // An app's token, such as a job's own, belongs to no user, and GitHub rejects the request.
        if (error instanceof GitHubError && (error.status === 403 || error.status === 404)) return undefined;
        throw error;
      }
    },
    wait: (ms) => time.sleep(ms, signal),
  };
}

/** GitHub may hand a text back with other line ends, and without white space around it. */
const normalizeText = (text: string): string => text.replaceAll("\r\n", "\n").trim();

async function unlessDeleted(write: Promise<unknown>): Promise<"done" | "missing"> {
  try {
    await write;
    return "done";
  } catch (error) {
    if (error instanceof GitHubError && error.status === 404) return "missing";
    throw error;
  }
}
