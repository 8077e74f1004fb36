import { expect, test } from "vitest";
import { spec as checkData } from "../../actions/check-data/spec.ts";
import { spec as dispatchTraining } from "../../actions/dispatch-training/spec.ts";
import { spec as gateMetrics } from "../../actions/gate-metrics/spec.ts";
import { spec as modelDiff } from "../../actions/model-diff/spec.ts";
import { spec as promoteModel } from "../../actions/promote-model/spec.ts";
import { spec as registerModel } from "../../actions/register-model/spec.ts";
import { spec as reportMetrics } from "../../actions/report-metrics/spec.ts";
import { ActionError } from "../problem/problem.ts";
import { ALLOW_UNVERIFIED_TLS, assertSafeEnvironment } from "./assert-safe-environment.ts";

function codeOf(
  env: Record<string, string>,
  inputs: Record<string, unknown> = { [ALLOW_UNVERIFIED_TLS]: false },
): string {
  try {
    assertSafeEnvironment(env, inputs);
    return "none";
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    return error.problems[0]?.code ?? "";
  }
}

test.each([
  ["NODE_TLS_REJECT_UNAUTHORIZED", "0", "tls-unverified"],
  ["NODE_TLS_REJECT_UNAUTHORIZED", "1", "none"],
  ["NODE_TLS_REJECT_UNAUTHORIZED", "", "none"],
  ["NODE_EXTRA_CA_CERTS", "/etc/ca.pem", "none"],
  ["HTTPS_PROXY", "http://proxy.example:3128", "none"],
  ["ACTIONS_ALLOW_UNSECURE_COMMANDS", "$true", "unsecure-commands"],
  ["ACTIONS_ALLOW_UNSECURE_COMMANDS", "false", "none"],
  ["ACTIONS_ALLOW_UNSECURE_COMMANDS", "", "none"],
])("%s=%s: %s", (name, value, code) => {
  expect(codeOf({ [name]: value })).toBe(code);
});

test("a server without a certificate to check can be allowed, and needs no permission where there is no token", () => {
  const env = { NODE_TLS_REJECT_UNAUTHORIZED: "0" };
  expect(codeOf(env, { [ALLOW_UNVERIFIED_TLS]: true })).toBe("none");
  expect(codeOf(env, {})).toBe("none");
});

test.each([checkData, dispatchTraining, gateMetrics, modelDiff, promoteModel, registerModel, reportMetrics])(
  "$name, which has a token, asks",
  ({ inputs }) => {
    expect(Object.keys(inputs)).toEqual(expect.arrayContaining(["token", ALLOW_UNVERIFIED_TLS]));
  },
);
