import { expect, test } from "vitest";
import type { PromotionPlan } from "../records/promotion-plan.ts";
import { renderPlan } from "./plan.ts";
import { renderAsGitHub } from "./testing.ts";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;
const version = (name: string) => ({ version: name, commit: "a".repeat(40), modelDigest: DIGEST });
const plan: PromotionPlan = {
  schema: "mlops-actions/promotion-plan@2",
  kind: "promote",
  model: "visits",
  target: version("v1.3.0"),
  needs: ["staging"],
  to: "production",
  replaces: version("v1.2.0"),
  assignment: 3,
  approvals: 1,
  challenge: true,
  evidence: [{ kind: "verdict", digest: DIGEST }],
  metrics: [{ name: "mae", slice: "poor-health", candidate: 1.25, baseline: 1.5 }],
  policy: { ref: "c".repeat(40), digest: DIGEST },
  reason: "quarterly <!-- @everyone -->",
  requestedBy: { login: "alice", id: 7 },
  createdAt: "2026-11-23T09:00:00Z",
  expiresAt: "2026-11-24T09:00:00Z",
  origin: { repository: "acme/model", workflow: "promote.yml", run: 7, attempt: 1, actor: "alice" },
};

test("approvers see what is promoted where, what it replaces, and what their approval is bound to", () => {
  const text = renderPlan(plan, DIGEST);
  expect(text.split("\n")[0]).toBe("### Promote `visits` `v1.3.0` to `production`: replaces `v1.2.0`");
  expect(text).toContain(`| **Plan digest** | \`${DIGEST}\` |`);
  expect(text).toContain("| **Approvals** | 1 person other than alice, each with `01234567` in the comment |");
  const rendered = renderAsGitHub(text, "summary");
  expect(rendered).toContain("quarterly &#x3C;!-- <code>@everyone</code> --></td>");
});

test("who asked is shown with when and where, and each metric with what today's rules say of it", () => {
  const ruling = {
    ...{
      metric: "mae",
      slice: "poor-health",
      rule: "max",
      threshold: 1,
      candidate: 1.25,
      baseline: 1.5,
      outcome: "fail",
    },
    ...{ better: "lower", message: "" },
  } as unknown as NonNullable<PromotionPlan["today"]>["rulings"][number];
  const text = renderPlan({ ...plan, today: { outcome: "fail", rulings: [ruling] } }, DIGEST);
  expect(text).toContain("| **Planned** | `2026-11-23T09:00:00Z`, by attempt 1 of run 7 |");
  expect(text).toMatch(/\| `mae` \| `poor-health` \| 1\.5 \| 1\.25 \| max fail \|/);
  // Before the details: it is what an approver must type.
  expect(text.indexOf("To approve")).toBeLessThan(text.indexOf("**Plan digest**"));
});

test("the challenge code is shown if, and only if, the plan requires it", () => {
  const instruction = "**To approve, put `01234567` into the comment of your review.**";
  expect(renderPlan(plan, DIGEST)).toContain(instruction);
  for (const withoutCode of [
    { ...plan, challenge: false },
    { ...plan, approvals: 0 },
  ]) {
    expect(renderPlan(withoutCode, DIGEST)).not.toContain("01234567`");
  }
});

test("the first version of an environment replaces nothing; a roll back is shown as one", () => {
  expect(renderPlan({ ...plan, replaces: null }, DIGEST)).toContain("| **Replaces** | nothing |");
  expect(renderPlan({ ...plan, kind: "roll-back" }, DIGEST)).toMatch(
    /^### Roll back `visits` to `v1.3.0` in `production`/,
  );
});
