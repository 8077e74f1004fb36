/** The registry in a repository's tags. */
import * as z from "zod";
import { escapeName } from "../../core/registry/ref-name.ts";
import { type NewTag, type Registry, TAG_TARGET_REFUSED, type Tag, type TagRef } from "../../core/registry/registry.ts";
import { parseTagName, tagPrefixes } from "../../core/registry/tag-name.ts";
import { type ActionError, userError } from "../../problem/problem.ts";
import { tagIds } from "../github/git-object-id.ts";
import { type GitHub, GitHubError } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";
import { rememberDefaultBranch } from "../github/read-default-branch.ts";
import { writeFileCommit } from "../github/write-file-commit.ts";
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
      if (!(error instanceof GitHubError) || (error.status !== 422 && error.status !== 403)) throw error;
      const existing = await findRef(name);
      if (existing !== undefined) return existing;
      // The tag object was written with the same permission just before: what is refused is to tag this commit.
      throw targetRefused(name, error);
    }
  }

  return {
    async list(model, selection) {
      const all = escapeName(model, "model");
      // The prefix `visits` is also that of `visits-2`.
      const isOurs = ({ name }: TagRef): boolean => parseTagName(name)?.model === model;
      const prefixes = selection === undefined ? [all] : tagPrefixes(model, selection);
      const found = await github.listRefs(prefixes.map((prefix) => `refs/tags/${prefix}`));
      if (found === undefined) {
        const refs = await github.readAll(rest.git.listMatchingRefs, { ...repository, ref: `tags/${all}` });
        return refs.map(toTagRef).filter(isOurs);
      }
      if (found.defaultBranch !== undefined) rememberDefaultBranch(github, found.defaultBranch);
      return found.refs.map((ref) => ({ ...ref, name: ref.name.replace(/^refs\/tags\//, "") })).filter(isOurs);
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

    createCommit: (file) => writeFileCommit(github, { ...file, parent: undefined }),
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

/** GitHub says no more than that the token may not; rulesets for tags are the other reason. */
const targetRefused = (name: string, { message }: GitHubError): ActionError =>
  userError({
    code: TAG_TARGET_REFUSED,
    message: `GitHub does not let this token create the tag ${name}: ${message}. A job's token may not tag a commit whose workflow files are no longer those of a branch`,
    fix: `Take a commit since the last change in .github/workflows; or pass a token of an app with "Workflows: write"; or let the ruleset for tags allow it`,
  });

const notAnnotated = (name: string) =>
  userError({
    code: "tag-not-annotated",
    message: `the tag ${name} has no record`,
    fix: "It was not made by register-model or promote-model: delete it, and register the version",
  });
