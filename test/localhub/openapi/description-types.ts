/**
 * The parts of an OpenAPI 3.0 description that are read here. Schemas stay plain JSON until a validator compiles them.
 */
export type Method = "get" | "post" | "put" | "patch" | "delete";
export const METHODS: readonly Method[] = ["get", "post", "put", "patch", "delete"];

export type Schema = Readonly<Record<string, unknown>>;
export interface Reference {
  readonly $ref: string;
}

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required?: boolean;
  readonly schema?: Schema;
}

export interface DescribedBody {
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}

export interface Operation {
  readonly operationId: string;
  /** Absolute URL of the operation's page in GitHub's documentation. */
  readonly externalDocs?: { readonly url: string };
  /** Whether it notifies people; such operations count towards GitHub's limits on creating content. */
  readonly "x-notifies"?: boolean;
  readonly parameters?: readonly (Parameter | Reference)[];
  readonly requestBody?: DescribedBody & { readonly required?: boolean };
  readonly responses: Readonly<Record<string, DescribedBody | Reference>>;
}

export interface Components {
  readonly schemas: Readonly<Record<string, Schema>>;
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly responses: Readonly<Record<string, DescribedBody>>;
}

export interface Description {
  /** The npm package and file the subset was extracted from. */
  readonly source: { readonly package: string; readonly version: string; readonly file: string };
  readonly paths: Readonly<Record<string, Readonly<Partial<Record<Method, Operation>>>>>;
  readonly components: Components;
}
