/**
 * The parts of a local GitHub, started and connected: world, REST API, results service, Actions service, runner, page.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGitHttpMount } from "../git-http/smart-http.ts";
import { watchMergeQueue } from "../operations/merging/merge-queue-watch.ts";
import { servePage } from "../page/serve.ts";
import { serveDownloads } from "../rest/downloads/downloads.ts";
import { serveFiles } from "../rest/downloads/file-downloads.ts";
import { routes } from "../rest/routes/index.ts";
import { type RestServer, startRest } from "../rest/serving/server.ts";
import { startResultsService } from "../results/service.ts";
import { createRunner } from "../runner/create-runner.ts";
import { createActionSource } from "../workflows/action-source.ts";
import type { ActionsService } from "../workflows/service.ts";
import { createActionsService } from "../workflows/starting/actions-service.ts";
import { createWorld, type World } from "../world/world.ts";
import { machineOf } from "./machine.ts";
import type { LocalGitHubOptions } from "./options.ts";
import { serviceAccess } from "./service-access.ts";

export interface Services {
  readonly world: World;
  readonly actions: ActionsService;
  readonly server: RestServer;
}

/** @param parts Gets what must be disposed of, in the order it was started. */
export async function startServices(options: LocalGitHubOptions, parts: AsyncDisposableStack): Promise<Services> {
  const { profile, timing, limits, port } = options;
  const directory = await mkdtemp(join(tmpdir(), "localhub-"));
  parts.defer(() => rm(directory, { recursive: true, force: true }));

  const world = createWorld({ directory, ...(profile && { profile }) });
  parts.defer(() => {
    world.clock.stop();
    for (const { git } of world.repositories.values()) git.close();
  });

  const results = world.profile.resultsService ? await startResultsService(world) : undefined;
  if (results) parts.defer(() => results.close());

  const actions = createActionsService({
    world,
    startJob: createRunner({ ...(timing && { timing }) }),
    services: (job, token) => serviceAccess(world, results, job, token),
    actions: (run) => createActionSource(world, run),
    machine: (runner) => machineOf(world, runner),
  });
  const server = await startRest({
    world,
    routes,
    actions,
    mounts: [createGitHttpMount(world), serveDownloads(world), serveFiles(world), servePage({ world, actions })],
    ...(limits && { limits }),
    ...(port && { port }),
  });
  parts.defer(() => server.close());

  const queue = watchMergeQueue(world);
  parts.defer(async () => {
    await actions.stop();
    queue[Symbol.dispose]();
    await queue.idle();
  });
  return { world, actions, server };
}
