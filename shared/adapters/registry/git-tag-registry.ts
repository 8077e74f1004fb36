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
const gitObject = z.object({ sha });

/** The author of our tags; a fixed one, so that a tag with the same content has the same bytes. */
const TAGGER = { name: "mlops-actions", email: "mlops-actions@users.noreply.github.com" };

export function createGitTagRegistry(github: GitHub): Registry {
  const findRef = (name: string): Promise<Json | undefined> =>
    github.find("GET /repos/{owner}/{repo}/git/ref/{ref}", { ref: `tags/${name}` });

  /** @returns the ref of that name: the new one, or the one that existed before */
  async function createRef(name: string, object: string): Promise<TagRef> {
    const route = "POST /repos/{owner}/{repo}/git/refs";
    try {
      const send = { route, params: { ref: `refs/tags/${name}`, sha: object } };
      return toTagRef(await github.create({ send, find: () => findRef(name) }));
    } catch (error) {
      const existing = error instanceof GitHubError && error.status === 422 ? await findRef(name) : undefined;
      if (existing === undefined) throw error;
      return toTagRef(existing);
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
      const response = await github.read("GET /repos/{owner}/{repo}/git/tags/{tag_sha}", { tag_sha: ref.object });
      const tag = parseResponse(gitTag, response, `the tag ${ref.name}`);
      if (tag.object.type !== "commit") throw notAnnotated(ref.name);
      return { ...ref, commit: tag.object.sha, message: tag.message } satisfies Tag;
    },

    async create(tag) {
      const object = await writeTagObject(github, tag);
      const ref = await createRef(tag.name, object);
      return { ref, mine: ref.object === object };
    },
  };
}

/** Git names an object by its bytes: written twice, it is one object, so that this may be repeated like a PUT. */
async function writeTagObject(github: GitHub, { name, message, commit, at }: NewTag): Promise<string> {
  const params = { tag: name, message, object: commit, type: "commit", tagger: { ...TAGGER, date: at } };
  const response = await github.write("POST /repos/{owner}/{repo}/git/tags", params);
  return parseResponse(gitObject, response, `the tag ${name}`).sha;
}

function toTagRef(response: Json): TagRef {
  const { ref, object } = parseResponse(gitRef, response, "a tag");
  return { name: ref.replace(/^refs\/tags\//, ""), object: object.sha, annotated: object.type === "tag" };
}

const notAnnotated = (name: string) =>
  userError({
    code: "tag-not-annotated",
    message: `the tag ${name} has no record`,
    fix: "It was not made by register-model or promote-model: delete it, and register the version",
  });
