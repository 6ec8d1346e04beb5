import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { verifyWebhook, WEBHOOK_AGE_MS_MAX } from "../../../src/upstream/webhook-signature.ts";

const SECRET = "whsec_0123456789abcdef";
const BODY = '{"id":"u1","status":"completed"}';
const NOW = 1_800_000_000_000;
const AT = String(NOW / 1_000);

const digest = (key: string, id: string, at: string, body: string): string =>
  createHmac("sha256", key).update(`${id}.${at}.${body}`).digest("hex");

const headers = (change: Record<string, string> = {}): Headers =>
  new Headers({
    "webhook-id": "u1",
    "webhook-timestamp": AT,
    "webhook-signature": `v3,${digest("0123456789abcdef", "u1", AT, BODY)}`,
    ...change,
  });

const verify = (change: Record<string, string> = {}, body = BODY, now = NOW): boolean =>
  verifyWebhook(headers(change), body, SECRET, now);

const signedAt = (at: string): Record<string, string> => ({
  "webhook-timestamp": at,
  "webhook-signature": `v3,${digest("0123456789abcdef", "u1", at, BODY)}`,
});

describe("WaveSpeed's webhook signature", () => {
  it("verifies what is signed with the secret's text after whsec_, as text", () => {
    expect(verify()).toBe(true);
    expect(verifyWebhook(headers(), BODY, "0123456789abcdef", NOW)).toBe(true);
  });

  it("refuses the secret used whole, or decoded", () => {
    const whole = digest(SECRET, "u1", AT, BODY);
    expect(verify({ "webhook-signature": `v3,${whole}` })).toBe(false);
    const decoded = createHmac("sha256", Buffer.from("0123456789abcdef", "base64"))
      .update(`u1.${AT}.${BODY}`)
      .digest("hex");
    expect(verify({ "webhook-signature": `v3,${decoded}` })).toBe(false);
  });

  it("signs the raw bytes: a body that was written anew does not verify", () => {
    expect(verify({}, '{"status":"completed","id":"u1"}')).toBe(false);
    expect(verify({}, `${BODY} `)).toBe(false);
    const body = '{"prompt":"für \u{1F98A}"}';
    const signature = `v3,${digest("0123456789abcdef", "u1", AT, body)}`;
    expect(verify({ "webhook-signature": signature }, body)).toBe(true);
  });

  it("signs the id and the timestamp", () => {
    expect(verify({ "webhook-id": "u2" })).toBe(false);
    expect(verify({ "webhook-timestamp": String(NOW / 1_000 + 1) })).toBe(false);
  });

  it("takes nothing older or newer than five minutes", () => {
    const seconds = NOW / 1_000;
    const limit = WEBHOOK_AGE_MS_MAX / 1_000;
    expect(verify(signedAt(String(seconds - limit)))).toBe(true);
    expect(verify(signedAt(String(seconds - limit - 1)))).toBe(false);
    expect(verify(signedAt(String(seconds + limit)))).toBe(true);
    expect(verify(signedAt(String(seconds + limit + 1)))).toBe(false);
  });

  it.each(["v1", "v2", "V3", ""])("refuses version %j", (version) => {
    expect(verify({ "webhook-signature": `${version},${digest("0123456789abcdef", "u1", AT, BODY)}` })).toBe(false);
  });

  it("refuses a signature that was cut, is empty, longer, or is no ASCII", () => {
    const good = digest("0123456789abcdef", "u1", AT, BODY);
    for (const given of [good.slice(0, 63), "", `${good}0`, `${good.slice(0, 63)}\u00e9`]) {
      expect(verify({ "webhook-signature": `v3,${given}` })).toBe(false);
    }
    expect(verify({ "webhook-signature": good })).toBe(false);
  });

  it("refuses missing headers and timestamps that are no number", () => {
    expect(verifyWebhook(new Headers(), BODY, SECRET, NOW)).toBe(false);
    for (const at of ["", "soon", "1e9", "-1", "1800000000.5", "9".repeat(20)])
      expect(verify(signedAt(at))).toBe(false);
  });
});
