/** A policy that somebody meant to be there: it must not be taken for "there is none". */
import { POLICY_PATH } from "./policy.ts";

const BASENAME = /^\.?mlops\.ya?ml$/i;

/**
 * The first path that is nearly the policy's: another ending, other capitals, another folder. Deeper folders are left out:
 * an example or a template in a repository is none of its rules.
 *
 * @param paths of all files of a commit
 */
export const findMisplacedPolicy = (paths: readonly string[]): string | undefined =>
  paths.find((path) => {
    const folders = path.split("/");
    const basename = folders.pop() ?? "";
    return (
      path !== POLICY_PATH && BASENAME.test(basename) && (folders.length <= 1 || /^\.github$/i.test(folders[0] ?? ""))
    );
  });
