/** Classic branch protection. */
import {
  type ProtectionSettings,
  protectBranch,
  protectionOf,
  unprotectBranch,
} from "../../operations/protection/branch-protection.ts";
import { renderProtection, renderStatusCheckPolicy } from "../../render/protection.ts";
import { ApiError } from "../../world/api-error.ts";
import { type BodyOf, typedBody } from "../requests/body.ts";
import { type Call, noContent, ok, type Route, route } from "../route.ts";

export const protectionRoutes: readonly Route[] = [
  route("repos/get-branch-protection", async (call) => {
    const protection = await protectionOf(call.repository, branchOf(call));
    return ok(renderProtection(call.world, call.repository, protection));
  }),
  route("repos/update-branch-protection", async (call) => {
    const settings = settingsIn(typedBody(call, "repos/update-branch-protection"));
    const protection = await protectBranch(call.world, call.repository, branchOf(call), settings, call.requiredCaller);
    return ok(renderProtection(call.world, call.repository, protection));
  }),
  route("repos/delete-branch-protection", async (call) => {
    await unprotectBranch(call.repository, branchOf(call), call.requiredCaller);
    return noContent;
  }),
  route("repos/get-status-checks-protection", async (call) => {
    const { branch, requiredChecks } = await protectionOf(call.repository, branchOf(call));
    if (requiredChecks === undefined) throw new ApiError(404, "Required status checks not enabled");
    return ok(renderStatusCheckPolicy(call.world, call.repository, branch, requiredChecks));
  }),
];

const branchOf = ({ path }: Call): string => path["branch"] ?? "";

function settingsIn(body: BodyOf<"repos/update-branch-protection">): ProtectionSettings {
  const { required_status_checks: checks, required_pull_request_reviews: reviews } = body;
  return {
    requiredChecks: checks
      ? {
          strict: checks.strict,
          // `checks` replaces the older `contexts`, which cannot specify an app.
          checks: (checks.checks ?? checks.contexts.map((context) => ({ context, app_id: -1 }))).map(
            ({ context, app_id: appId }) => ({ context, appId }),
          ),
        }
      : undefined,
    requiredReviews: reviews
      ? {
          count: reviews.required_approving_review_count ?? 1,
          dismissStale: reviews.dismiss_stale_reviews ?? false,
          codeOwners: reviews.require_code_owner_reviews ?? false,
          lastPushApproval: reviews.require_last_push_approval ?? false,
          // GitHub docs: an empty object disables the restriction.
          dismissal: isEmpty(reviews.dismissal_restrictions) ? undefined : reviews.dismissal_restrictions,
          bypass: isEmpty(reviews.bypass_pull_request_allowances) ? undefined : reviews.bypass_pull_request_allowances,
        }
      : undefined,
    enforceAdmins: body.enforce_admins ?? false,
    linearHistory: body.required_linear_history ?? false,
    allowForcePushes: body.allow_force_pushes ?? false,
    allowDeletions: body.allow_deletions ?? false,
    conversationResolution: body.required_conversation_resolution ?? false,
    restrictions: body.restrictions ?? undefined,
    blockCreations: body.block_creations ?? false,
    lockBranch: body.lock_branch ?? false,
    allowForkSyncing: body.allow_fork_syncing ?? false,
  };
}

const isEmpty = (names: object | undefined): boolean => names === undefined || Object.keys(names).length === 0;
