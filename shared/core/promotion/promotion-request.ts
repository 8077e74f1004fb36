/** The file by which a pull request asks for a promotion: it names the plan, and so a review approves exactly that plan. */
import * as z from "zod";
import { type ActionError, refused } from "../../problem/problem.ts";
import { digest } from "../../records/fields-1.ts";
import type { AnyPlan } from "../../records/promotion-plan.ts";
import { validateOrThrow } from "../../text/document/validate-document.ts";
import { readYaml } from "../../text/yaml/read-yaml.ts";
import { describeLocation } from "../registry/bytes/describe-location.ts";
import { escapeName } from "../registry/ref-name.ts";

const FOLDER = "promotions";

const promotionRequest = z.strictObject({
  model: z.string().min(1),
  environment: z.string().min(1),
  version: z.string().min(1),
  plan: digest,
  run: z.int().positive(),
});

export type PromotionRequest = z.infer<typeof promotionRequest>;

/** One file for each environment of a model, so that a second request for it is a conflict in git. */
export const requestPath = (model: string, environment: string): string =>
  `${FOLDER}/${escapeName(model, "model")}/${escapeName(environment, "environment")}.yml`;

/** @param planDigest of the plan; its run must still have the plan's artifact when the change is merged */
export function formatRequest(plan: AnyPlan, planDigest: string): string {
  const { model, to, origin } = plan;
  const version = "target" in plan ? plan.target.version : "(repair)";
  const places = "target" in plan ? (plan.locations ?? []) : [];
  return [
    "# A promotion that waits for reviews. They approve the plan with this digest, and no other.",
    `model: ${JSON.stringify(model)}`,
    `environment: ${JSON.stringify(to)}`,
    `version: ${JSON.stringify(version)}`,
    `plan: ${planDigest}`,
    `run: ${origin.run}`,
    // A text of one line, whatever is in a name.
    ...places.map((place) => `# bytes: ${JSON.stringify(describeLocation(place))}`),
    "",
  ].join("\n");
}

/**
 * The one request of a change.
 *
 * @param files paths of all files that it changes @throws ActionError (a refusal) `request-with-other-changes`, `request-missing`,
 *   `request-several`
 */
export function findRequestPath(files: readonly string[]): string {
  const requests = files.filter(isRequestPath);
  const [first, ...others] = requests;
  if (first === undefined) {
    throw refusal(
      "request-missing",
      `the change has no file below ${FOLDER}/`,
      "Start this workflow only on changes there: paths: [promotions/**]",
    );
  }
  if (others.length > 0) {
    throw refusal(
      "request-several",
      `the change asks for ${requests.length} promotions at once: ${requests.slice(0, 3).join(", ")}`,
      "Ask for each in a pull request of its own: a review approves one plan",
    );
  }
  const other = files.find((path) => path !== first);
  if (other !== undefined) {
    throw refusal(
      "request-with-other-changes",
      `the change that asks for a promotion also changes ${JSON.stringify(other)}`,
      "Ask for it in a pull request that changes nothing else: it could change who may approve, or what is run",
    );
  }
  return first;
}

const isRequestPath = (path: string): boolean => new RegExp(`^${FOLDER}/[^/]+/[^/]+\\.yml$`).test(path);

/** @throws ActionError `request-…` with line and column; `request-elsewhere` when the file is not where the request belongs */
export function readRequest(text: string, path: string): PromotionRequest {
  const request = validateOrThrow(promotionRequest, readYaml(text, path, "request"));
  const expected = requestPath(request.model, request.environment);
  if (expected === path) return request;
  throw refusal(
    "request-elsewhere",
    `the request for ${request.environment} is in ${path}, where nobody looks for it`,
    `Move it to ${expected}`,
  );
}

const refusal = (code: string, message: string, fix: string): ActionError => refused({ code, message, fix });
