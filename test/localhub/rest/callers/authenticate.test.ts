import { expect, test } from "vitest";
import { createAccount } from "../../operations/people/accounts.ts";
import { classicToken } from "../../operations/people/tokens.ts";
import { createWorld } from "../../world/world.ts";
import { authenticate } from "./authenticate.ts";

function setUp() {
  const world = createWorld({ directory: "unused" });
  const alice = createAccount(world, { login: "alice" });
  return { world, alice, token: classicToken(world, alice) };
}

const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

test.each([
  ["Bearer", (value: string) => `Bearer ${value}`],
  ["bearer in lower case", (value: string) => `bearer ${value}`],
  ["token", (value: string) => `token ${value}`],
  ["Basic with the token as password", (value: string) => basic("x-access-token", value)],
  ["Basic with the token as user", (value: string) => basic(value, "")],
])("%s is accepted", (_, header) => {
  const { world, alice, token } = setUp();
  expect(authenticate(world, { authorization: header(token.value) })?.actor).toBe(alice);
});

test("without the header the caller is anonymous", () => {
  expect(authenticate(setUp().world, {})).toBeUndefined();
});

test.each([
  ["unknown", () => undefined],
  ["revoked", ({ token }: ReturnType<typeof setUp>) => void Object.assign(token, { revoked: true })],
  [
    "expired",
    ({ world, token }: ReturnType<typeof setUp>) => {
      world.tokens.set(token.value, { ...token, expiresAt: world.clock.now() });
    },
  ],
])("a token that is %s is 401 Bad credentials", (kind, spoil) => {
  const state = setUp();
  spoil(state);
  const value = kind === "unknown" ? "ghp_nobody" : state.token.value;
  expect(() => authenticate(state.world, { authorization: `Bearer ${value}` })).toThrow(
    expect.objectContaining({ status: 401, message: "Bad credentials" }),
  );
});
