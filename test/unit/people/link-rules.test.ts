import { expect, test } from "vitest";
import { networkOf, secondsToNextSpan } from "../../../src/people/attempt-rules.ts";
import { judgeLink, type LinkFacts, type SignInLink } from "../../../src/people/link-rules.ts";
import { consoleOrigin, relyingParty } from "../../../src/people/relying-party.ts";

const NOW = 1_000_000;

const link = (change: Partial<SignInLink>): SignInLink => ({
  id: "l",
  kind: "invitation",
  person: null,
  email: "a@example.com",
  name: "A",
  provesEmail: false,
  tenant: "t",
  role: "viewer",
  team: null,
  madeBy: "operator:k",
  createdAt: 0,
  expiresAt: NOW + 1,
  usedAt: null,
  revokedAt: null,
  ...change,
});

const facts: LinkFacts = {
  now: NOW,
  target: null,
  signedInAs: null,
  operatorExists: false,
  makerMay: true,
  hasRoom: true,
};
const target = { id: "p", disabled: false };

test.each<[string, Partial<SignInLink>, Partial<LinkFacts>, string]>([
  ["makes whom it invites", {}, {}, "in: somebody new"],
  ["adds to who is signed in", {}, { target, signedInAs: "p" }, "in: p"],
  ["is no way into another's account", {}, { target }, "sign_in_first"],
  ["nor for somebody else who is signed in", {}, { target, signedInAs: "q" }, "sign_in_first"],
  ["lets its person in", { kind: "sign_in", person: "p" }, { target }, "in: p"],
  ["lets nobody in whom there is not", { kind: "sign_in", person: "p" }, {}, "unknown"],
  ["makes the first operator", { kind: "first_operator" }, {}, "in: somebody new"],
  ["and no second one", { kind: "first_operator" }, { operatorExists: true }, "operator_exists"],
  ["ends at its time", { expiresAt: NOW }, {}, "expired"],
  ["works once", { usedAt: 1 }, {}, "used"],
  ["is taken back", { revokedAt: 1 }, {}, "revoked"],
  ["ends with its maker's right", {}, { makerMay: false }, "revoked"],
  ["gives nobody more places than one may have", {}, { target, signedInAs: "p", hasRoom: false }, "too_many_places"],
  ["does not work for the disabled", {}, { target: { id: "p", disabled: true }, signedInAs: "p" }, "disabled"],
])("a link %s", (_what, change, known, expected) => {
  const judged = judgeLink(link(change), { ...facts, ...known });
  expect(judged.ok ? `in: ${judged.value.person ?? "somebody new"}` : judged.error).toBe(expected);
});

test("an address is counted as its network", () => {
  expect(networkOf("203.0.113.7")).toBe("203.0.113.7");
  expect(networkOf("::ffff:203.0.113.7")).toBe("203.0.113.7");
  expect(networkOf("2001:db8:1:2::7")).toBe(networkOf("2001:0db8:1:2:ffff::"));
  expect(networkOf("2001:db8:1:3::7")).not.toBe(networkOf("2001:db8:1:2::7"));
  expect([networkOf(null), networkOf("x")]).toEqual(["unknown", "unknown"]);
  expect(secondsToNextSpan(900_000 * 7 + 1)).toBe(900);
});

test("passkeys are bound to localhost where the console is opened there, else to the public address, never to a host that was sent", () => {
  expect(relyingParty("http://localhost:8787/v1/x", "https://g.example/")).toEqual({
    id: "localhost",
    origin: "http://localhost:8787",
  });
  expect(relyingParty("https://evil.example/v1/x", "https://g.example")).toEqual({
    id: "g.example",
    origin: "https://g.example",
  });
  expect(relyingParty("https://evil.example/v1/x", null)).toBeNull();
  expect(consoleOrigin("https://evil.example/", "https://g.example")).toBe("https://g.example");
});
