/**
 * The cost of validating every request and reply against GitHub's description, and the start time of the REST server.
 *
 *     node test/localhub/bench/openapi-validation.ts
 *
 * Prints milliseconds. The limits of the project: 5 ms a request after warm-up, 300 ms to start.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROUNDS = 2_000;

const loading = performance.now();
const { operationById } = await import("../openapi/description.ts");
const { bodyViolations, replyViolations } = await import("../openapi/validators.ts");
const { startRest } = await import("../rest/serving/server.ts");
const { sampleRoutes } = await import("../rest/serving/sample-routes.ts");
const { createWorld } = await import("../world/world.ts");
const { createAccount } = await import("../operations/people/accounts.ts");
const { createRepository } = await import("../operations/people/repositories.ts");
const { classicToken } = await import("../operations/people/tokens.ts");
logMilliseconds("load the modules and the description", performance.now() - loading);

const directory = await mkdtemp(join(tmpdir(), "bench-"));
try {
  const world = createWorld({ directory });
  const alice = createAccount(world, { login: "alice" });
  const repository = await createRepository(world, { owner: alice, name: "model" });

  const starting = performance.now();
  const server = await startRest({ world, routes: sampleRoutes, limits: "off" });
  logMilliseconds("start the server", performance.now() - starting);

  const label = operationById("issues/create-label");
  const reply = {
    id: 1,
    node_id: "x",
    url: "https://x.test",
    name: "bug",
    color: "ff0000",
    description: null,
    default: false,
  };
  const first = performance.now();
  bodyViolations(label, { name: "bug" });
  replyViolations(label, 201, reply);
  logMilliseconds("first use of an operation: compile its validators", performance.now() - first);
  logMilliseconds(
    "check a request and its reply",
    meanMilliseconds(() => {
      bodyViolations(label, { name: "bug" });
      replyViolations(label, 201, reply);
    }),
  );
  const page = Array.from({ length: 100 }, () => reply);
  const listing = operationById("issues/list-labels-for-repo");
  replyViolations(listing, 200, page);
  logMilliseconds(
    "check a page of 100 items",
    meanMilliseconds(() => replyViolations(listing, 200, page)),
  );

  const headers = { authorization: `Bearer ${classicToken(world, alice).value}`, "user-agent": "bench" };
  const url = `${server.url}/repos/${repository.fullName}/labels`;
  const request = async (): Promise<void> => void (await (await fetch(url, { headers })).arrayBuffer());
  for (let round = 0; round < 100; round++) await request();
  const requesting = performance.now();
  for (let round = 0; round < ROUNDS; round++) await request();
  logMilliseconds("a whole request over HTTP", (performance.now() - requesting) / ROUNDS);
  await server.close();
} finally {
  await rm(directory, { recursive: true, force: true });
}

function meanMilliseconds(work: () => void): number {
  for (let round = 0; round < 100; round++) work();
  const started = performance.now();
  for (let round = 0; round < ROUNDS; round++) work();
  return (performance.now() - started) / ROUNDS;
}

function logMilliseconds(what: string, ms: number): void {
  console.log(`${ms.toFixed(3).padStart(9)} ms  ${what}`);
}
