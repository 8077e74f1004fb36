/** A redirect that is not followed. Trying again would lead to the same place, so this is final. */
import { GitHubError } from "./github.ts";

/** @param where what is wrong with it, as in "to another host, x.example" */
export const redirectError = ({ method, url }: { readonly method: string; readonly url: URL }, where: string) =>
  new GitHubError({
    code: "github-redirect-refused",
    message: `${method} ${url.pathname} was redirected ${where}`,
    fix: "Check the address of GitHub's API and the proxy: one of them leads elsewhere",
  });
