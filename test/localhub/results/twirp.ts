/** Twirp over JSON: how the toolkit packages call this service. https://twitchtv.github.io/twirp/docs/spec_v7.html */
import type { Job } from "../world/repository.ts";

/** Twirp's error codes with the HTTP status its specification gives each. */
const STATUS = {
  invalid_argument: 400,
  malformed: 400,
  unauthenticated: 401,
  permission_denied: 403,
  not_found: 404,
  bad_route: 404,
  already_exists: 409,
  failed_precondition: 412,
  resource_exhausted: 429,
  internal: 500,
} as const;

export class TwirpError extends Error {
  readonly code: keyof typeof STATUS;

  constructor(code: keyof typeof STATUS, message: string) {
    super(message);
    this.name = "TwirpError";
    this.code = code;
  }

  get status(): number {
    return STATUS[this.code];
  }
}

/** A request message. Protobuf's JSON form allows `snake_case` and `camelCase` names, and leaves out default values. */
export class Message {
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(fields: Readonly<Record<string, unknown>>) {
    this.#fields = fields;
  }

  /** A string, 64-bit integer (a string in JSON) or wrapped string; `""` when absent. */
  text(name: string): string {
    const value = this.#value(name);
    if (value === undefined || value === null) return "";
    if (typeof value === "string" || typeof value === "number") return String(value);
    throw new TwirpError("malformed", `the field "${name}" is not a string`);
  }

  /** @throws TwirpError when absent or empty. */
  required(name: string): string {
    const value = this.text(name);
    if (value === "") throw new TwirpError("invalid_argument", `the field "${name}" is required`);
    return value;
  }

  texts(name: string): readonly string[] {
    const value = this.#value(name) ?? [];
    if (!Array.isArray(value) || !value.every((item) => typeof item === "string"))
      throw new TwirpError("malformed", `the field "${name}" is not a list of strings`);
    return value;
  }

  time(name: string): Date | undefined {
    const value = this.text(name);
    if (value === "") return undefined;
    const date = new Date(value);
    if (Number.isNaN(date.getTime())) throw new TwirpError("malformed", `the field "${name}" is not a time: ${value}`);
    return date;
  }

  #value(name: string): unknown {
    return this.#fields[name] ?? this.#fields[name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())];
  }
}

export type TwirpMethod = (job: Job, request: Message) => object | Promise<object>;
/** By method name. */
export type TwirpService = Readonly<Record<string, TwirpMethod>>;

/** @throws TwirpError when the body is not a JSON object. */
export function parseMessage(body: string): Message {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return new Message({ ...value });
  } catch {
    // Falls through to the one error for everything that is not an object.
  }
  throw new TwirpError("malformed", "the request body is not a JSON object");
}
