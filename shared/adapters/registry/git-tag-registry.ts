/** The registry in a repository's tags. */
import * as z from "zod";
import { escapeName } from "../../core/registry/ref-name.ts";
import type { NewTag, Registry, Tag, TagRef } from "../../core/registry/registry.ts";
import { parseTagName } from "../../core/registry/tag-name.ts";
import { userError } from "../../problem/problem.ts";
import { tagIds } from "../github/git-object-id.ts";
import { type GitHub, GitHubError } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";
import { verifyWritten } from "../github/written-object.ts";

const sha = z.string().regex(/^[0-9a-f]{40}$/);
const gitRef = z.object({ ref: z.string(), object: z.object({ sha, type: z.string() }) });
const gitTag = z.object({ sha, message: z.string(), object: z.object({ sha, type: z.string() }) });

/** The author of our tags; a fixed one, so that a tag with the same content has the same bytes. */
const TAGGER = { name: "mlops-actions", email: "mlops-actions@users.noreply.github.com" };

export function createGitTagRegistry(github: GitHub): Registry {
  const { rest, repository } = github;

  async function findRef(name: string): Promise<TagRef | undefined> {
    const found = await github.find(() => rest.git.getRef({ ...repository, ref: `tags/${name}` }));
    return found === undefined ? undefined : toTagRef(found);
  }

  /** @returns the ref of that name: the new one, or the one that existed before */
  async function createRef(name: string, object: string): Promise<TagRef> {
    const params = { ...repository, ref: `refs/tags/${name}`, sha: object };
    try {
      return await github.writeOnce({
        send: async () => toTagRef((await rest.git.createRef(params)).data),
        find: () => findRef(name),
        confirm: true,
      });
    } catch (error) {
      const existing = error instanceof GitHubError && error.status === 422 ? await findRef(name) : undefined;
      if (existing === undefined) throw error;
      return existing;
    }
  }

  return {
    async list(model) {
      const prefix = { ...repository, ref: `tags/${escapeName(model, "model")}` };
      const refs = (await github.readAll(rest.git.listMatchingRefs, prefix)).map(toTagRef);
      // The prefix `visits` is also that of `visits-2`.
      return refs.filter(({ name }) => parseTagName(name)?.model === model);
    },

    async read(ref) {
      if (!ref.annotated) throw notAnnotated(ref.name);
      const { data } = await rest.git.getTag({ ...repository, tag_sha: ref.object });
      const tag = parseResponse(gitTag, data, `the tag ${ref.name}`);
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
async function writeTagObject({ rest, repository }: GitHub, { name, message, commit, at }: NewTag): Promise<string> {
  const tagger = { ...TAGGER, date: at };
  const { data } = await rest.git.createTag({
    ...repository,
    tag: name,
    message,
    object: commit,
    type: "commit",
    tagger,
  });
  return verifyWritten(tagIds({ commit, name, by: tagger, message }), data, async (sha) => {
    const found = await rest.git.getTag({ ...repository, tag_sha: sha });
    const written = parseResponse(gitTag, found.data, `the tag ${name}`);
    return written.message.trim() === message.trim() && written.object.sha === commit;
  });
}

function toTagRef(response: unknown): TagRef {
  const { ref, object } = parseResponse(gitRef, response, "a tag");
  return { name: ref.replace(/^refs\/tags\//, ""), object: object.sha, annotated: object.type === "tag" };
}

const notAnnotated = (name: string) =>
  userError({
    code: "tag-not-annotated",
    message: `the tag ${name} has no record`,
    fix: "It was not made by register-model or promote-model: delete it, and register the version",
  });
