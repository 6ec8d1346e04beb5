import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { hashKey, verifyKey } from "../../../src/keys/key.ts";
import { issueKey, issueSecret } from "../../../src/management/issue-key.ts";

const one = { version: 1, secret: "ab".repeat(32) };
const two = { version: 2, secret: "cd".repeat(32) };
const random = (bytes: number): Uint8Array => randomBytes(bytes);
const owner = { kind: "live", tenant: "5f3a9c0b17de" } as const;

test("a rotated key is the same key under the gateway's newest secret: so keys move to it", () => {
  const before = issueKey({ secrets: { newest: one, previous: null }, random }, owner);
  const secrets = { newest: two, previous: one };
  const after = issueSecret({ secrets, random }, { ...owner, id: before.id });
  expect(before.secret.secretVersion).toBe(1);
  expect(after.secret.secretVersion).toBe(2);
  // While both secrets are configured both work; then the old one can go.
  expect(verifyKey(before.key, secrets)).toMatchObject({ keyId: before.id, secretVersion: 1 });
  const alone = { newest: two, previous: null };
  expect(verifyKey(before.key, alone)).toBeNull();
  const parsed = verifyKey(after.key, alone);
  expect(parsed).toMatchObject({ keyId: before.id, tenant: owner.tenant });
  expect(parsed && hashKey(after.key, parsed, alone)).toBe(after.secret.hash);
});

test("no two secrets of a key are alike, and what is stored holds nothing of them but the first characters", () => {
  const makers = { secrets: { newest: one, previous: null }, random };
  const first = issueKey(makers, owner);
  const second = issueSecret(makers, { ...owner, id: first.id });
  expect(second.key).not.toBe(first.key);
  expect(second.secret.hash).not.toBe(first.secret.hash);
  const { prefix, hash } = second.secret;
  expect(second.key.startsWith(prefix)).toBe(true);
  expect(prefix.length).toBeLessThan(second.key.length / 3);
  expect(second.key).not.toContain(hash);
});
