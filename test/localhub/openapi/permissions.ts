/**
 * Which permissions each operation accepts from tokens with a permission set: those of apps and jobs, and fine-grained.
 */
import { readFileSync } from "node:fs";

export type RequiredAccess = "read" | "write";
/** Permissions that are needed together. */
export type PermissionSet = Readonly<Record<string, RequiredAccess>>;

export interface OperationPermissions {
  /** Any one of these is enough; an empty list: none is needed. */
  readonly anyOf: readonly PermissionSet[];
  /** The value of `X-Accepted-GitHub-Permissions`: sets separated by `;`, members by `,`. */
  readonly header: string;
  /** Only tokens of people may call it. */
  readonly personOnly: boolean;
  /** Only tokens of apps and jobs may call it. */
  readonly appOnly: boolean;
}

interface PermissionsFile {
  readonly personOnly: readonly string[];
  readonly appOnly: readonly string[];
  readonly operations: Readonly<Record<string, string>>;
}

const file = JSON.parse(readFileSync(new URL("permissions.json", import.meta.url), "utf8")) as PermissionsFile;

/** By operation id. */
export const operationPermissions: ReadonlyMap<string, OperationPermissions> = new Map(
  Object.entries(file.operations).map(([operation, header]) => [
    operation,
    {
      anyOf: header === "" ? [] : header.split("; ").map(permissionSet),
      header,
      personOnly: file.personOnly.includes(operation),
      appOnly: file.appOnly.includes(operation),
    },
  ]),
);

/** @throws Error when `permissions.json` has no entry for the operation. */
export function permissionsOfOperation(operation: string): OperationPermissions {
  const requirement = operationPermissions.get(operation);
  if (!requirement)
    throw new Error(`openapi/permissions.json has no entry for ${operation}: add what GitHub documents`);
  return requirement;
}

function permissionSet(text: string): PermissionSet {
  return Object.fromEntries(
    text.split(",").map((one): [string, RequiredAccess] => {
      const [name = "", access] = one.split("=");
      return [name, access === "write" ? "write" : "read"];
    }),
  );
}
