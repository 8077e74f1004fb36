import { describe, expect, test } from "vitest";
import { operationById } from "../../openapi/description.ts";
import { list } from "../route.ts";
import { paginateReply } from "./pagination.ts";

const numbers = (count: number) =>
  list(
    Array.from({ length: count }, (_, index) => index + 1),
    (n) => n,
  );
const labels = operationById("issues/list-labels-for-repo");
const page = (count: number, query: string) =>
  paginateReply(numbers(count), labels, new URL(`http://hub/labels${query}`));
const sizeOf = ({ body }: { body: unknown }) => (body as unknown[]).length;

describe("GitHub docs, Using pagination in the REST API", () => {
  test.each([
    ["", 30],
    ["?per_page=7", 7],
    ["?per_page=100", 100],
    ["?per_page=101", 100],
    ["?per_page=0", 30],
    ["?per_page=many", 30],
  ])("%s gives %i of 250", (query, size) => {
    expect(sizeOf(page(250, query))).toBe(size);
  });

  test("a list of one page has no links", () => {
    expect(page(30, "").link).toBeUndefined();
    expect(page(0, "").link).toBeUndefined();
  });

  test.each([
    ["", '<http://hub/labels?page=2>; rel="next", <http://hub/labels?page=3>; rel="last"'],
    [
      "?page=2",
      '<http://hub/labels?page=1>; rel="prev", <http://hub/labels?page=3>; rel="next", ' +
        '<http://hub/labels?page=3>; rel="last", <http://hub/labels?page=1>; rel="first"',
    ],
    ["?page=3", '<http://hub/labels?page=2>; rel="prev", <http://hub/labels?page=1>; rel="first"'],
    ["?page=9", '<http://hub/labels?page=3>; rel="prev", <http://hub/labels?page=1>; rel="first"'],
  ])("70 items, %s", (query, link) => {
    expect(page(70, query).link).toBe(link);
  });

  test("links keep the other query parameters", () => {
    expect(page(9, "?per_page=5&q=a%20b").link).toContain("<http://hub/labels?per_page=5&q=a+b&page=2>");
  });

  test("only the items of the page are rendered", () => {
    const rendered: number[] = [];
    const reply = list([1, 2, 3], (n) => rendered.push(n));
    paginateReply(reply, labels, new URL("http://hub/labels?per_page=1&page=2"));
    expect(rendered).toEqual([2]);
  });

  test("an envelope counts all items", () => {
    const reply = list([1, 2, 3], (n) => n, "check_runs", { more: true });
    const { body } = paginateReply(reply, operationById("checks/list-for-ref"), new URL("http://hub/x?per_page=2"));
    expect(body).toEqual({ total_count: 3, more: true, check_runs: [1, 2] });
  });

  test("a list without pages on GitHub is returned whole", () => {
    const reviews = operationById("actions/get-reviews-for-run");
    expect(paginateReply(numbers(150), reviews, new URL("http://hub/x?per_page=2"))).toMatchObject({ link: undefined });
    expect(sizeOf(paginateReply(numbers(150), reviews, new URL("http://hub/x?per_page=2")))).toBe(150);
  });
});

describe("OpenAPI, actions/list-workflow-runs: up to 1,000 results for each search", () => {
  const runs = operationById("actions/list-workflow-runs-for-repo");
  const last = (query: string) => paginateReply(numbers(1_200), runs, new URL(`http://hub/runs?per_page=100&${query}`));

  test("a search has at most 10 pages of 100", () => {
    expect(last("status=success&page=10").link).not.toContain('rel="next"');
    expect(last("status=success&page=11").body).toEqual([]);
  });

  test("without a filter all pages are available", () => {
    expect(sizeOf(last("page=12"))).toBe(100);
  });
});
