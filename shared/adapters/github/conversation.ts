/** A pull request's conversation on GitHub. */
import * as z from "zod";
import type { Comment, Conversation } from "../../core/comment/conversation.ts";
import { type GitHub, GitHubError, type Json } from "./github.ts";
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

const LIST = "GET /repos/{owner}/{repo}/issues/{issue_number}/comments";
const CREATE = "POST /repos/{owner}/{repo}/issues/{issue_number}/comments";
const UPDATE = "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}";
const REMOVE = "DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}";

/** @param number of the pull request; its conversation is that of the issue with the same number */
export function createConversation(
  github: GitHub,
  number: number,
  signal: AbortSignal,
  time: Pick<Time, "sleep"> = realTime,
): Conversation {
  const parseComment = (item: Json): Comment => parseResponse(comment, item, `a comment on #${number}`);

  return {
    list: async () => (await github.readAll(LIST, { issue_number: number })).map(parseComment),
    async create(body) {
      const created = await github.create({
        send: { route: CREATE, params: { issue_number: number, body } },
        find: async () => {
          const comments = await github.readAll(LIST, { issue_number: number });
          // The body ends with our marker and its revision: no other run writes the same body.
          return comments.find((item) => parseComment(item).body === body);
        },
      });
      return parseComment(created);
    },
    update: (id, body) => unlessDeleted(github.write(UPDATE, { comment_id: id, body })),
    async remove(id) {
      await unlessDeleted(github.write(REMOVE, { comment_id: id }));
    },
    head: async () => (await readPull(github, number)).head.sha,
    async account() {
      try {
        return parseResponse(user, await github.read("GET /user"), "the token's owner").id;
      } catch (error) {
        // An app's token, such as a job's own, belongs to no user, and GitHub rejects the request.
        if (error instanceof GitHubError && (error.status === 403 || error.status === 404)) return undefined;
        throw error;
      }
    },
    wait: (ms) => time.sleep(ms, signal),
  };
}

async function unlessDeleted(write: Promise<unknown>): Promise<"done" | "missing"> {
  try {
    await write;
    return "done";
  } catch (error) {
    if (error instanceof GitHubError && error.status === 404) return "missing";
    throw error;
  }
}
