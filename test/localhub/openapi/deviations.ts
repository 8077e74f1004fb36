/**
 * Where GitHub itself differs from its description: it sends or accepts values that break the given rule at the given
 * place. Everything else that does not fit is a conformance error of the local GitHub, or an invalid request.
 */
import type { Violation } from "./violation.ts";

export interface Deviation {
  readonly side: "request" | "reply";
  /** GitHub's operation id. */
  readonly operation: string;
  /** JSON pointer into the body, with `*` for list indexes; `?name` for a query parameter. */
  readonly at: string;
  /** The rule that GitHub breaks: a keyword of JSON Schema. */
  readonly keyword: string;
  /** The one value that is allowed; any when absent. */
  readonly value?: string | number | boolean | null;
  /** The one extra property that GitHub accepts, when the rule is `additionalProperties`. */
  readonly property?: string;
  /** Why GitHub is right and the description is not, with the source. */
  readonly reason: string;
}

export const DEVIATIONS: readonly Deviation[] = [
  {
    side: "request",
    operation: "issues/create",
    at: "/body",
    keyword: "type",
    value: null,
    reason: 'GitHub\'s own error shows what it accepts: "false is not a string or null" (magit/forge#748)',
  },
  {
    side: "request",
    operation: "repos/create-or-update-environment",
    at: "",
    keyword: "additionalProperties",
    property: "can_admins_bypass",
    reason: "accepted and returned by github.com since 2023 (google/go-github#2725)",
  },
  ...noBody("pulls/create"),
  ...noBody("pulls/update"),
  ...undescribedLabels("pulls/list", "/*/"),
  ...undescribedLabels("repos/list-pull-requests-associated-with-commit", "/*/"),
  ...undescribedLabels("pulls/request-reviewers", "/"),
  ...undescribedLabels("pulls/remove-requested-reviewers", "/"),
  ...emptyLinks("repos/create-deployment-status", "/"),
  ...["git/create-blob", "repos/create-or-update-file-contents"].map(
    (operation): Deviation => ({
      side: "reply",
      operation,
      at: "",
      keyword: "oneOf",
      reason:
        "an error is to be either a plain one or one of repository rules, but all of the latter's properties are " +
        "optional, so that every plain error is both",
    }),
  ),
  ...emptyLinks("repos/get-deployment-status", "/"),
  ...emptyLinks("repos/list-deployment-statuses", "/*/"),
  searchedDates("actions/list-workflow-runs-for-repo"),
  searchedDates("actions/list-workflow-runs"),
];

function emptyLinks(operation: string, before: string): readonly Deviation[] {
  return ["target_url", "log_url", "environment_url"].map((field) => ({
    side: "reply",
    operation,
    at: before + field,
    keyword: "format",
    value: "",
    reason: "the description's own default for a missing link is the empty string, which is not a URI",
  }));
}

function noBody(operation: string): readonly Deviation[] {
  const reason = "as for issues, whose other half a pull request is: its text may be null";
  return [{ side: "request", operation, at: "/body", keyword: "type", value: null, reason }];
}

function undescribedLabels(operation: string, before: string): readonly Deviation[] {
  const at = `${before}labels/*/description`;
  const reason = "the description's own `label` has null here; only the short form of pull requests omits it";
  return [{ side: "reply", operation, at, keyword: "type", value: null, reason }];
}

function searchedDates(operation: string): Deviation {
  return {
    side: "request",
    operation,
    at: "?created",
    keyword: "format",
    reason: "GitHub docs, of the parameter itself: dates and ranges of the search syntax, such as `>=2026-01-31`",
  };
}

export function isKnownDeviation(side: Deviation["side"], operation: string, violation: Violation): boolean {
  const at = violation.instancePath.replaceAll(/\/\d+(?=\/|$)/g, "/*");
  return DEVIATIONS.some(
    (deviation) =>
      deviation.side === side &&
      deviation.operation === operation &&
      deviation.keyword === violation.keyword &&
      deviation.at === at &&
      (deviation.value === undefined || deviation.value === violation.data) &&
      (deviation.property === undefined || deviation.property === violation.params["additionalProperty"]),
  );
}
