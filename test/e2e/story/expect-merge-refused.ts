/** Tries a merge that GitHub must refuse. */
import type { Person, PullRequest } from "@mlops-actions/localhub";
import { StoryError } from "./story-step.ts";

/** @returns GitHub's message. @throws StoryError when it merges */
export async function expectMergeRefused(person: Person, pull: PullRequest): Promise<string> {
  try {
    await person.merge(pull.number);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new StoryError(`#${pull.number} merged although its gate is closed`);
}
