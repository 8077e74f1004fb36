/**
 * A local GitHub for tests of routes: a real world with one repository over real git, a real server on loopback, and
 * HTTP clients.
 *
 *     await using hub = await startTestHub({ routes: issueRoutes });
 *     const created = await hub.as("alice").request("POST /repos/{owner}/{repo}/issues", { title: "Broken" });
 *     expect(created.status).toBe(201);
 *
 * Closing it fails the test when a reply broke GitHub's description.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAccount } from "../../operations/people/accounts.ts";
import { createRepository } from "../../operations/people/repositories.ts";
import { classicToken, jobToken } from "../../operations/people/tokens.ts";
import type { ActionsService } from "../../workflows/service.ts";
import type { Permissions, Role } from "../../world/identity.ts";
import type { ProfileName } from "../../world/profile.ts";
import type { Repository } from "../../world/repository.ts";
import type { Token } from "../../world/tokens.ts";
import { createWorld, type World } from "../../world/world.ts";
import { type ApiRequestOptions, type ApiResponse, callApi } from "../api-client.ts";
import type { RateLimits } from "../callers/rate-limits.ts";
import type { Route } from "../route.ts";
import { type Mount, type RestServer, startRest } from "./server.ts";

/** The people of the test hub: members of the organisation `acme`, with their role on `acme/model`. */
const PEOPLE = { alice: "admin", bob: "write", carol: "triage", dave: "read" } as const satisfies Record<string, Role>;

export interface TestHub extends AsyncDisposable {
  readonly world: World;
  readonly server: RestServer;
  /** `acme/model`, owned by an organisation; `owner` and `repo` of a request default to it. */
  readonly repository: Repository;
  /** A client with a classic token of that person; `alice` is admin, `bob` writes, `carol` triages, `dave` reads. */
  as(login: string): Client;
  /** A client with the `GITHUB_TOKEN` of a job that has those permissions. */
  asJob(permissions: Permissions): Client;
  withToken(token: Token | undefined): Client;
  /** Commits files to a branch (by default the default branch), created when new. Returns the commit's SHA. */
  commit(files: Readonly<Record<string, string>>, branch?: string): Promise<string>;
}

export interface Client {
  /**
   * `"POST /repos/{owner}/{repo}/issues"`: placeholders are taken from the parameters, the others become the query of
   * a GET or HEAD and the JSON body of anything else.
   */
  request(
    route: string,
    parameters?: Readonly<Record<string, unknown>>,
    extra?: ApiRequestOptions,
  ): Promise<ApiResponse>;
}

export interface TestHubOptions {
  readonly routes: readonly Route[];
  readonly private?: boolean;
  readonly profile?: ProfileName;
  /** Files of the first commit; by default a README. */
  readonly files?: Readonly<Record<string, string>>;
  /** Rate limits; off by default. */
  readonly limits?: Partial<RateLimits>;
  readonly actions?: (world: World) => ActionsService;
  readonly mounts?: (world: World) => readonly Mount[];
}

export async function startTestHub(options: TestHubOptions): Promise<TestHub> {
  const directory = await mkdtemp(join(tmpdir(), "localhub-"));
  const world = createWorld({ directory, ...(options.profile && { profile: options.profile }) });
  const owner = createAccount(world, { login: "acme", kind: "Organization" });
  const repository = await createRepository(world, { owner, name: "model", private: options.private ?? false });
  for (const [login, role] of Object.entries(PEOPLE))
    repository.collaborators.set(createAccount(world, { login }), role);
  const server = await startRest({
    world,
    routes: options.routes,
    limits: options.limits ?? "off",
    ...(options.actions && { actions: options.actions(world) }),
    ...(options.mounts && { mounts: options.mounts(world) }),
  });

  const withToken = (token: Token | undefined): Client => ({
    request: (route, parameters = {}, extra = {}) =>
      callApi(server.url, token?.value, route, { owner: owner.login, repo: repository.name, ...parameters }, extra),
  });
  const hub: TestHub = {
    world,
    server,
    repository,
    as(login) {
      const person = world.accounts.get(login.toLowerCase()) ?? createAccount(world, { login });
      return withToken(classicToken(world, person));
    },
    asJob: (permissions) => withToken(jobToken(world, repository, world.nextId(), permissions)),
    withToken,
    commit: (files, branch = repository.defaultBranch) => commit(world, repository, files, branch),
    async [Symbol.asyncDispose]() {
      world.clock.stop();
      try {
        await server.close();
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    },
  };
  await hub.commit(options.files ?? { "README.md": "# model\n" });
  return hub;
}

async function commit(
  world: World,
  { git }: Repository,
  files: Readonly<Record<string, string>>,
  branch: string,
): Promise<string> {
  const name = `refs/heads/${branch}`;
  const parent = (await git.ref(name))?.sha;
  const base = parent === undefined ? undefined : (await git.commit(parent))?.tree;
  const changes = await Promise.all(
    Object.entries(files).map(async ([path, text]) => ({
      path,
      mode: "100644" as const,
      type: "blob" as const,
      sha: await git.writeBlob(Buffer.from(text)),
    })),
  );
  const person = { name: "Alice", email: "alice@example.com", date: world.clock.now() };
  const sha = await git.writeCommit({
    tree: await git.writeTree(base, changes),
    parents: parent === undefined ? [] : [parent],
    author: person,
    committer: person,
    message: `Change ${Object.keys(files).join(", ")}`,
  });
  const moved = parent === undefined ? await git.createRef(name, sha) : await git.updateRef(name, sha, parent);
  if (!moved) throw new Error(`could not move ${name}`);
  return sha;
}
