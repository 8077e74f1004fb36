/** Merging, and being told no. */
import type { Person } from "../../localhub/index.ts";
import type { PullRequest } from "../../localhub/world/repository.ts";
import { StoryBroken } from "./act.ts";

/** GitHub's words when it refuses to merge. @throws StoryBroken when it merges */
export async function refusalOf(person: Person, pull: PullRequest): Promise<string> {
  try {
    await person.merge(pull.number);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new StoryBroken(`#${pull.number} merged although its gate is closed`);
}
