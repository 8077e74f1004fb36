/** The URLs and URL templates of a repository object. */
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { repositoryApiUrl, repositoryPageUrl } from "./urls.ts";

export function renderRepositoryUrls(world: World, repository: Repository) {
  const at = (path: string): string => repositoryApiUrl(world, repository, path);
  return {
    url: repositoryApiUrl(world, repository),
    html_url: repositoryPageUrl(world, repository),
    archive_url: at("{archive_format}{/ref}"),
    assignees_url: at("assignees{/user}"),
    blobs_url: at("git/blobs{/sha}"),
    branches_url: at("branches{/branch}"),
    collaborators_url: at("collaborators{/collaborator}"),
    comments_url: at("comments{/number}"),
    commits_url: at("commits{/sha}"),
    compare_url: at("compare/{base}...{head}"),
    contents_url: at("contents/{+path}"),
    contributors_url: at("contributors"),
    deployments_url: at("deployments"),
    downloads_url: at("downloads"),
    events_url: at("events"),
    forks_url: at("forks"),
    git_commits_url: at("git/commits{/sha}"),
    git_refs_url: at("git/refs{/sha}"),
    git_tags_url: at("git/tags{/sha}"),
    hooks_url: at("hooks"),
    issue_comment_url: at("issues/comments{/number}"),
    issue_events_url: at("issues/events{/number}"),
    issues_url: at("issues{/number}"),
    keys_url: at("keys{/key_id}"),
    labels_url: at("labels{/name}"),
    languages_url: at("languages"),
    merges_url: at("merges"),
    milestones_url: at("milestones{/number}"),
    notifications_url: at("notifications{?since,all,participating}"),
    pulls_url: at("pulls{/number}"),
    releases_url: at("releases{/id}"),
    stargazers_url: at("stargazers"),
    statuses_url: at("statuses/{sha}"),
    subscribers_url: at("subscribers"),
    subscription_url: at("subscription"),
    tags_url: at("tags"),
    teams_url: at("teams"),
    trees_url: at("git/trees{/sha}"),
  };
}

/** The clone URLs. Only `clone_url` works; the others are present as on GitHub. */
export function renderCloneUrls(world: World, repository: Repository) {
  const html = repositoryPageUrl(world, repository);
  const { host, hostname } = new URL(html);
  return {
    git_url: `git://${host}/${repository.fullName}.git`,
    ssh_url: `git@${hostname}:${repository.fullName}.git`,
    clone_url: `${html}.git`,
    svn_url: html,
  };
}
