/**
 * The verdict as a commit status: a job that was not started by the pull request does not count for it. Only where the policy
 * trains on demand, and only on the events of that.
 */
import type { ActionBody } from "../../shared/action/run-action.ts";
import { ActionError } from "../../shared/problem/problem.ts";
import type { Ports } from "./run.ts";
import type { spec } from "./spec.ts";

export interface StatusPorts extends Ports {
  /** Sets the status that pull requests wait for; does nothing where no status is waited for. */
  readonly showStatus: (state: "success" | "failure" | "error", description: string) => Promise<void>;
}

/** Whatever ends the gate without a verdict ends the wait, too: it is never left to look as if it were coming. */
export const withStatus =
  (gate: ActionBody<typeof spec, Ports>): ActionBody<typeof spec, StatusPorts> =>
  async (scope) => {
    const { showStatus } = scope.ports;
    try {
      const result = await gate(scope);
      const { verdict } = result.outputs;
      if (verdict === "pass") await showStatus("success", "the model is good enough");
      else await showStatus("failure", result.failed?.message ?? `the verdict is ${verdict}`);
      return result;
    } catch (error) {
      const [problem] = error instanceof ActionError ? error.problems : [];
      await showStatus("error", problem?.message ?? "there is no verdict");
      throw error;
    }
  };
