import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestHub, type TestHub } from "../serving/testing.ts";
import { issueRoutes } from "./issues.ts";
import { labelRoutes } from "./labels.ts";

const LABELS = "/repos/{owner}/{repo}/labels";
const ON_ISSUE = "/repos/{owner}/{repo}/issues/{issue_number}/labels";

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ routes: [...labelRoutes, ...issueRoutes] });
});
afterAll(() => hub[Symbol.asyncDispose]());

const names = (labels: readonly { name: string }[]): readonly string[] => labels.map(({ name }) => name);
const newIssue = async (): Promise<number> =>
  (await hub.as("bob").request("POST /repos/{owner}/{repo}/issues", { title: "Labelled" })).body.number;

test("a new repository has GitHub's nine labels", async () => {
  const { body } = await hub.as("dave").request(`GET ${LABELS}`, { per_page: 9 });
  expect(names(body)).toEqual(
    "bug,documentation,duplicate,enhancement,good first issue,help wanted,invalid,question,wontfix".split(","),
  );
  expect(body[0]).toMatchObject({ color: "d73a4a", default: true });
});

test("a label is created, renamed and deleted, and its name is compared without case", async () => {
  const made = await hub.as("bob").request(`POST ${LABELS}`, { name: "GPU", color: "BADA55", description: "Costs" });
  expect([made.status, made.body.color]).toEqual([201, "bada55"]);
  const renamed = await hub.as("bob").request(`PATCH ${LABELS}/{name}`, { name: "gpu", new_name: "cuda" });
  expect(renamed.body).toMatchObject({ name: "cuda", description: "Costs" });
  expect((await hub.as("bob").request(`GET ${LABELS}/{name}`, { name: "gpu" })).status).toBe(404);
  expect((await hub.as("bob").request(`DELETE ${LABELS}/{name}`, { name: "CUDA" })).status).toBe(204);
});

// GitHub's errors contain the limits: "name is too long (maximum is 50 characters)".
test.each([
  ["a taken name", { name: "Bug" }, { code: "already_exists", field: "name" }],
  [
    "51 characters",
    { name: "n".repeat(51) },
    { code: "custom", message: "name is too long (maximum is 50 characters)" },
  ],
  ["a blank name", { name: " " }, { code: "missing_field", field: "name" }],
  ["an invalid colour", { name: "x", color: "red" }, { code: "invalid", field: "color" }],
  ["a long description", { name: "x", description: "d".repeat(101) }, { code: "custom", field: "description" }],
])("%s is rejected", async (_, fields, error) => {
  const response = await hub.as("bob").request(`POST ${LABELS}`, fields);
  expect([response.status, response.body.message]).toEqual([422, "Validation Failed"]);
  expect(response.body.errors).toEqual([expect.objectContaining({ resource: "Label", ...error })]);
});

test("labels are added to an issue, created when missing, replaced and removed", async () => {
  const issue_number = await newIssue();
  const carol = hub.as("carol");
  const added = await carol.request(`POST ${ON_ISSUE}`, { issue_number, labels: ["BUG", "drift"] });
  expect(names(added.body)).toEqual(["bug", "drift"]);
  expect(added.body[1].color).toBe("ededed");
  const set = await carol.request(`PUT ${ON_ISSUE}`, { issue_number, labels: ["drift", "question"] });
  expect(names(set.body)).toEqual(["drift", "question"]);
  const left = await carol.request(`DELETE ${ON_ISSUE}/{name}`, { issue_number, name: "Question" });
  expect(names(left.body)).toEqual(["drift"]);
  const missing = await carol.request(`DELETE ${ON_ISSUE}/{name}`, { issue_number, name: "question" });
  expect([missing.status, missing.body.message]).toEqual([404, "Label does not exist"]);
  expect((await carol.request(`DELETE ${ON_ISSUE}`, { issue_number })).status).toBe(204);
  expect((await carol.request(`GET ${ON_ISSUE}`, { issue_number })).body).toEqual([]);
});
