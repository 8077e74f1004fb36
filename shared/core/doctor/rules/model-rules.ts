/** What several models in one repository add: one that is forgotten is judged by nobody. */
import { quoteText } from "../../../text/document/document.ts";
import { listJudgingSteps } from "../facts.ts";
import { type DoctorRule, finding } from "../finding.ts";

const notJudged: DoctorRule = (facts) => {
  const { policy } = facts;
  if (policy.kind !== "valid" || policy.rules.models.length < 2) return [];
  const named = listJudgingSteps(facts)
    .filter(({ action }) => action !== "check-data")
    .map(({ step }) => String(step.with["model"] ?? ""));
  // What an expression names is known when it runs; where nothing judges at all, another rule says so.
  if (named.length === 0 || named.some((name) => name.includes("${{"))) return [];
  return policy.rules.models.flatMap(({ model, gates }) =>
    model === null || gates.length === 0 || named.includes(model.name)
      ? []
      : [
          finding("error", {
            code: "doctor-model-not-judged",
            message: `the policy has gates for the model ${quoteText(model.name)}, and no step judges pull requests by them`,
            place: { file: policy.path },
            fix: `Add a step of gate-metrics with the model ${quoteText(model.name)}, as several-models.yml of the templates does`,
          }),
        ],
  );
};

export const MODEL_RULES: readonly DoctorRule[] = [notJudged];
