import { afterAll, beforeAll, expect, test } from "vitest";
import { forkRepository } from "../../operations/people/repositories.ts";
import { createPullFixture, type PullFixture } from "./pull-fixture.ts";

const PULLS = "/repos/{owner}/{repo}/pulls";
const PULL = `${PULLS}/{pull_number}`;

let fixture: PullFixture;
beforeAll(async () => {
  fixture = await createPullFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());

const create = (fields: Readonly<Record<string, unknown>>, login = "bob") =>
  fixture.hub.as(login).request(`POST ${PULLS}`, fields);

test("an invalid pull request is rejected with GitHub's message", async () => {
  await fixture.open("taken");
  await fixture.hub.repository.git.createRef(
    "refs/heads/same",
    (await fixture.hub.repository.git.resolve("main")) ?? "",
  );
  await fixture.hub.commit({ "island.txt": "alone\n" }, "island");
  const errors = async (fields: object, login = "bob") => {
    const { status, body } = await create({ title: "T", base: "main", ...fields }, login);
    return [status, body.errors?.[0] ?? body.message];
  };
  const custom = (message: string) => ({ resource: "PullRequest", code: "custom", message });
  const invalid = (field: string) => ({ resource: "PullRequest", field, code: "invalid" });
  expect(await errors({ head: "nowhere" })).toEqual([422, invalid("head")]);
  expect(await errors({ head: "taken", base: "nowhere" })).toEqual([422, invalid("base")]);
  expect(await errors({ head: "outsider:taken" })).toEqual([422, invalid("head")]);
  expect(await errors({ head: "same" })).toEqual([422, custom("No commits between main and same")]);
  expect(await errors({ head: "taken" })).toEqual([422, custom("A pull request already exists for acme:taken.")]);
  expect((await errors({ head: "island" }))[1]).toMatchObject({ message: expect.stringContaining("no history") });
  expect(await errors({ head: "taken" }, "dave")).toEqual([422, custom("must be a collaborator")]);
  // More than 65,536 code points are rejected (measured in dead-claudia/github-limits#13).
  expect((await errors({ head: "taken", body: "b".repeat(65_537) }))[1]).toMatchObject({ field: "body" });
});

test("a fork's branch is given with its owner, and its pushes update the pull request", async () => {
  const { world, repository, as } = fixture.hub;
  const { actor } = fixture.caller("dave");
  const fork = await forkRepository(world, repository, actor);
  const first = await fixture.push("fix", { "fix.txt": "1\n" }, { by: "dave", to: fork });
  const { status, body } = await create({ title: "Fix", head: "dave:fix", base: "main" }, "dave");
  expect([status, body.head.repo.full_name, body.head.sha]).toEqual([201, "dave/model", first]);
  expect(body).toMatchObject({ author_association: "COLLABORATOR", maintainer_can_modify: true });
  const second = await fixture.push("fix", { "fix.txt": "2\n" }, { by: "dave", to: fork });
  expect((await repository.git.ref(`refs/pull/${body.number}/head`))?.sha).toBe(second);
  const found = await as("bob").request(`GET ${PULLS}`, { head: "dave:fix" });
  expect(found.body.map(({ number }: { number: number }) => number)).toEqual([body.number]);
});

test("an issue becomes a pull request and keeps its number", async () => {
  await fixture.push("from-issue", { "i.txt": "i\n" });
  const issue = await fixture.hub.as("bob").request("POST /repos/{owner}/{repo}/issues", { title: "Wanted" });
  const { body } = await create({ issue: issue.body.number, head: "from-issue", base: "main" });
  expect(body).toMatchObject({ number: issue.body.number, title: "Wanted" });
});

test("GITHUB_TOKEN opens pull requests only when the repository allows it", async () => {
  await fixture.push("by-job", { "j.txt": "j\n" });
  const job = fixture.hub.asJob({ pull_requests: "write", contents: "write" });
  const fields = { title: "By a job", head: "by-job", base: "main" };
  const rejected = await job.request(`POST ${PULLS}`, fields);
  expect([rejected.status, rejected.body.message]).toEqual([
    403,
    "GitHub Actions is not permitted to create or approve pull requests.",
  ]);
  fixture.hub.repository.actions.canApprovePullRequests = true;
  const opened = await job.request(`POST ${PULLS}`, fields);
  fixture.hub.repository.actions.canApprovePullRequests = false;
  expect([opened.status, opened.body.user.login]).toEqual([201, "github-actions[bot]"]);
});

test("of many who open the same pull request concurrently, one succeeds", async () => {
  await fixture.push("raced", { "raced.txt": "x\n" });
  const responses = await Promise.all(
    Array.from({ length: 8 }, () => create({ title: "Me", head: "raced", base: "main" })),
  );
  expect(responses.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 7 }, () => 422)]);
});

test("a body may be null", async () => {
  await fixture.push("bodiless", { "b.txt": "b\n" });
  const { status, body } = await create({ title: "T", head: "bodiless", base: "main", body: null });
  expect([status, body.body]).toEqual([201, null]);
  const pull_number = body.number;
  expect((await fixture.hub.as("bob").request(`PATCH ${PULL}`, { pull_number, body: null })).status).toBe(200);
});
