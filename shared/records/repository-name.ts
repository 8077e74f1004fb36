/** The name of a repository, `owner/name`, in records and as GitHub says it. */

/** Case does not matter to GitHub, and may differ from run to run: after a rename, or where a user wrote the name. */
export const isSameRepository = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
