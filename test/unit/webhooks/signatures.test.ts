import { createHmac, timingSafeEqual } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { makeSecret, signedHeaders } from "../../../src/webhooks/signatures.ts";
import { verifyWebhook } from "../../../src/upstream/webhook-signature.ts";

const OLD = makeSecret(new Uint8Array(32).fill(1));
const NEW = makeSecret(new Uint8Array(32).fill(2));
const MESSAGE = { id: "0123456789abcdef0123456789abcdef", at: Date.now(), body: '{"id":"x","prompt":"\u00fc"}' };

/** WaveSpeed's published algorithm, as its samples have it. */
function asPublished(headers: Record<string, string>, body: string, secret: string): boolean {
  const parts = (headers["webhook-signature"] ?? "").split(",");
  if (parts.length !== 2 || parts[0] !== "v3") return false;
  if (Math.abs(Date.now() / 1_000 - Number(headers["webhook-timestamp"])) > 300) return false;
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  const wanted = createHmac("sha256", secret.slice("whsec_".length)).update(signed).digest("hex");
  return wanted.length === parts[1]?.length && timingSafeEqual(Buffer.from(wanted), Buffer.from(parts[1]));
}

const asStandard = (headers: Record<string, string>, body: string, secret: string): boolean => {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
};

describe("one secret serves both schemes", () => {
  test("a secret is 32 bytes, in base64 after whsec_", () => {
    expect(NEW).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  });

  test("WaveSpeed's published algorithm accepts what is signed for it, and our own verifier of it too", () => {
    const headers = signedHeaders(MESSAGE, [NEW], "wavespeed");
    expect(asPublished(headers, MESSAGE.body, NEW)).toBe(true);
    expect(verifyWebhook(new Headers(headers), MESSAGE.body, NEW, Date.now())).toBe(true);
    expect(asPublished(headers, `${MESSAGE.body} `, NEW)).toBe(false);
    expect(asPublished(headers, MESSAGE.body, OLD)).toBe(false);
  });

  test("the library accepts what is signed for it", () => {
    const headers = signedHeaders(MESSAGE, [NEW], "standard");
    expect(asStandard(headers, MESSAGE.body, NEW)).toBe(true);
    expect(asStandard(headers, `${MESSAGE.body} `, NEW)).toBe(false);
    expect(asStandard(headers, MESSAGE.body, OLD)).toBe(false);
  });

  test.each(["standard", "wavespeed"] as const)("either kind of receiver verifies what is signed %s", (scheme) => {
    const headers = signedHeaders(MESSAGE, [NEW], scheme);
    const of = (name: string) => ({ ...headers, "webhook-signature": headers[name] ?? "" });
    expect(asStandard(of("x-wavegate-signature-standard"), MESSAGE.body, NEW)).toBe(true);
    expect(asPublished(of("x-wavegate-signature-wavespeed"), MESSAGE.body, NEW)).toBe(true);
  });
});

describe("while a secret is rotated", () => {
  test("receivers with the old one and with the new one both verify Standard Webhooks", () => {
    const headers = signedHeaders(MESSAGE, [NEW, OLD], "standard");
    expect([OLD, NEW].map((secret) => asStandard(headers, MESSAGE.body, secret))).toEqual([true, true]);
  });

  test("WaveSpeed's header still has one signature, the newest's; the list is beside it", () => {
    const headers = signedHeaders(MESSAGE, [NEW, OLD], "wavespeed");
    expect(asPublished(headers, MESSAGE.body, NEW)).toBe(true);
    const listed = (headers["x-wavegate-signature-wavespeed"] ?? "").split(" ");
    const accepted = listed.map((one) => asPublished({ ...headers, "webhook-signature": one }, MESSAGE.body, OLD));
    expect(accepted).toEqual([false, true]);
  });
});
