// Generated from the actions' spec.ts by "npm run generate".
import type { NeededPermissions } from "./facts.ts";

export const NEEDED_PERMISSIONS: NeededPermissions = {
  "check-data": {
    contents: { access: "read", optional: false },
  },
  "dispatch-training": {
    actions: { access: "write", optional: false },
    checks: { access: "read", optional: true },
    statuses: { access: "write", optional: true },
    "pull-requests": { access: "read", optional: true },
    contents: { access: "read", optional: false },
  },
  doctor: {
    contents: { access: "read", optional: false },
    actions: { access: "read", optional: false },
  },
  "gate-metrics": {
    contents: { access: "read", optional: false },
    statuses: { access: "write", optional: true },
    "pull-requests": { access: "read", optional: true },
    actions: { access: "read", optional: false },
  },
  "model-diff": {
    contents: { access: "read", optional: false },
    actions: { access: "read", optional: false },
    "pull-requests": { access: "write", optional: true },
  },
  "promote-model": {
    "pull-requests": { access: "read", optional: true },
    contents: { access: "write", optional: false },
    actions: { access: "read", optional: false },
    deployments: { access: "write", optional: false },
  },
  "register-model": {
    actions: { access: "read", optional: false },
    contents: { access: "write", optional: false },
  },
  "report-metrics": {
    contents: { access: "read", optional: false },
    actions: { access: "read", optional: true },
    "pull-requests": { access: "write", optional: true },
  },
  "train-model": {},
  "verify-model": {
    contents: { access: "read", optional: false },
    actions: { access: "read", optional: false },
  },
};
