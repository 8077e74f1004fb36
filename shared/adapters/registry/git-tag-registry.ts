/** The registry in a repository's tags. */
import * as z from "zod";
import type { NewTag, Registry, Tag, TagRef } from "../../core/registry/registry.ts";
import { parseTagName } from "../../core/registry/tag-name.ts";
import { userError } from "../../problem/problem.ts";
import { type GitHub, GitHubError, type Json } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";

const sha = z.string().regex(/^[0-9a-f]{40}$/);
const gitRef = z.object({ ref: z.string(), object: z.object({ sha, type: z.string() }) });
const gitTag = z.object({ sha, message: z.string(), object: z.object({ sha, type: z.string() }) });
const made = z.object({ sha });

/** Whose name stands on our tags; a fixed one, so that a tag's bytes follow from what it says. */
const TAGGER = { name: "mlops-actions", email: "mlops-actions@users.noreply.github.com" };

export function createGitTagRegistry(github: GitHub): Registry {
  const findRef = (name: string): Promise<Json | undefined> =>
    github.find("GET /repos/{owner}/{repo}/git/ref/{ref}", { ref: `tags/${name}` });

  /** What stands under the name then: what was to stand there, or what was there before. */
  async function makeRef(name: string, object: string): Promise<TagRef> {
    const route = "POST /repos/{owner}/{repo}/git/refs";
    try {
      const send = { route, params: { ref: `refs/tags/${name}`, sha: object } };
      return toTagRef(await github.create({ send, find: () => findRef(name) }));
    } catch (error) {
      const standing = error instanceof GitHubError && error.status === 422 ? await findRef(name) : undefined;
      if (standing === undefined) throw error;
      return toTagRef(standing);
    }
  }

  return {
    async list(model) {
      const route = "GET /repos/{owner}/{repo}/git/matching-refs/{ref}";
      const refs = (await github.readAll(route, { ref: `tags/${model}` })).map(toTagRef);
      // The prefix `visits` is also that of `visits-2`.
      return refs.filter(({ name }) => parseTagName(name)?.model === model);
    },

    async read(ref) {
      if (!ref.annotated) throw notAnnotated(ref.name);
      const tag = parseResponse(
        gitTag,
        await github.read("GET /repos/{owner}/{repo}/git/tags/{tag_sha}", { tag_sha: ref.object }),
        `the tag ${ref.name}`,
      );
      if (tag.object.type !== "commit") throw notAnnotated(ref.name);
      return { ...ref, commit: tag.object.sha, message: tag.message } satisfies Tag;
    },

    async create(tag) {
      const object = await writeTagObject(github, tag);
      const standing = await makeRef(tag.name, object);
      return { ref: standing, mine: standing.object === object };
    },
  };
}

/** An object is named by its bytes: written twice, it is one object, so that this may be repeated like a PUT. */
async function writeTagObject(github: GitHub, { name, message, commit, at }: NewTag): Promise<string> {
  const params = { tag: name, message, object: commit, type: "commit", tagger: { ...TAGGER, date: at } };
  return parseResponse(made, await github.write("POST /repos/{owner}/{repo}/git/tags", params), `the tag ${name}`).sha;
}

function toTagRef(answer: Json): TagRef {
  const { ref, object } = parseResponse(gitRef, answer, "a tag");
  return { name: ref.replace(/^refs\/tags\//, ""), object: object.sha, annotated: object.type === "tag" };
}

const notAnnotated = (name: string) =>
  userError({
    code: "tag-not-annotated",
    message: `the tag ${name} carries no record`,
    fix: "It was not made by register-model or promote-model: delete it, and register the version",
  });
