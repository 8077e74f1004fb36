import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestHub, type TestHub } from "../serving/testing.ts";
import { issueRoutes } from "./issues.ts";

const ISSUES = "/repos/{owner}/{repo}/issues";
const ISSUE = `${ISSUES}/{issue_number}`;

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ routes: issueRoutes });
});
afterAll(() => hub[Symbol.asyncDispose]());

test("an issue is opened, edited, closed and opened again", async () => {
  const opened = await hub.as("dave").request(`POST ${ISSUES}`, { title: "Drift", body: "Since Monday" });
  const issue_number = opened.body.number;
  expect(opened.body).toMatchObject({ state: "open", user: { login: "dave" }, author_association: "COLLABORATOR" });
  const closed = await hub
    .as("dave")
    .request(`PATCH ${ISSUE}`, { issue_number, title: "Drift!", state: "closed", state_reason: "not_planned" });
  expect(closed.body).toMatchObject({
    title: "Drift!",
    state: "closed",
    state_reason: "not_planned",
    closed_by: { login: "dave" },
  });
  const again = await hub.as("carol").request(`PATCH ${ISSUE}`, { issue_number, state: "open" });
  expect(again.body).toMatchObject({ state: "open", state_reason: "reopened", closed_at: null, closed_by: null });
});

test("labels and assignees from those who may not triage are silently dropped", async () => {
  const fields = { title: "Mine", labels: ["bug"], assignees: ["bob"] };
  const byReader = await hub.as("dave").request(`POST ${ISSUES}`, fields);
  const byTriager = await hub.as("carol").request(`POST ${ISSUES}`, fields);
  expect([byReader.body.labels, byReader.body.assignees]).toEqual([[], []]);
  expect(byTriager.body).toMatchObject({ labels: [{ name: "bug" }], assignees: [{ login: "bob" }] });
});

test("only those who may write can be assigned", async () => {
  const { body } = await hub.as("bob").request(`POST ${ISSUES}`, { title: "Whose?" });
  const issue_number = body.number;
  const added = await hub
    .as("bob")
    .request(`POST ${ISSUE}/assignees`, { issue_number, assignees: ["alice", "dave", "nobody"] });
  expect(added.body.assignees.map(({ login }: { login: string }) => login)).toEqual(["alice"]);
  const rejected = await hub.as("bob").request(`PATCH ${ISSUE}`, { issue_number, assignees: ["dave"] });
  expect([rejected.status, rejected.body.errors[0].field]).toEqual([422, "assignees"]);
  const left = await hub.as("bob").request(`DELETE ${ISSUE}/assignees`, { issue_number, assignees: ["ALICE"] });
  expect(left.body.assignees).toEqual([]);
});

// "title is too long (maximum is 256 characters)", "body is too long (maximum is 65536 characters)": GitHub's errors
// (trstringer/manual-approval#89).
test.each([
  ["title", { title: "t".repeat(257) }, "title is too long (maximum is 256 characters)"],
  ["body", { title: "t", body: "b".repeat(65_537) }, "body is too long (maximum is 65536 characters)"],
])("a %s that is too long is rejected", async (field, fields, message) => {
  const response = await hub.as("dave").request(`POST ${ISSUES}`, fields);
  expect(response.status).toBe(422);
  expect(response.body.errors).toEqual([{ resource: "Issue", code: "custom", field, message }]);
});

test("the list is filtered and sorted", async () => {
  const by = async (query: object): Promise<readonly string[]> =>
    (await hub.as("bob").request(`GET ${ISSUES}`, { creator: "erin", per_page: 50, ...query })).body.map(
      ({ title }: { title: string }) => title,
    );
  const erin = hub.as("erin");
  const numbers: number[] = [];
  for (const title of ["first", "second @bob", "third"]) {
    numbers.push((await erin.request(`POST ${ISSUES}`, { title, body: title })).body.number);
    hub.world.clock.advance(60_000);
  }
  await hub.as("carol").request(`PATCH ${ISSUE}`, { issue_number: numbers[0], labels: ["bug", "gpu"] });
  await erin.request(`PATCH ${ISSUE}`, { issue_number: numbers[2], state: "closed" });
  expect(await by({})).toEqual(["second @bob", "first"]);
  expect(await by({ state: "all", direction: "asc" })).toEqual(["first", "second @bob", "third"]);
  expect(await by({ state: "closed" })).toEqual(["third"]);
  expect(await by({ labels: "gpu,bug" })).toEqual(["first"]);
  expect(await by({ mentioned: "bob" })).toEqual(["second @bob"]);
  expect(await by({ assignee: "*" })).toEqual([]);
  expect(await by({ sort: "updated", state: "all" })).toEqual(["third", "first", "second @bob"]);
});

test("others without the role cannot edit an issue", async () => {
  const { body } = await hub.as("bob").request(`POST ${ISSUES}`, { title: "Keep" });
  const edit = await hub.as("dave").request(`PATCH ${ISSUE}`, { issue_number: body.number, title: "Gone" });
  expect(edit.status).toBe(403);
});
