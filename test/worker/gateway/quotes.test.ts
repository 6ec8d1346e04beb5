import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { parseConfig } from "../../../src/config.ts";
import { mintQuote, type QuoteClaims } from "../../../src/keys/quote-token.ts";
import { testEnv } from "../../support/test-env.ts";
import { call, envelope, newTenant, T2V } from "./api.ts";

const { secrets } = parseConfig(testEnv);

const quote = (tenant: string, given: Partial<QuoteClaims> = {}): string =>
  mintQuote(
    {
      id: randomBytes(8).toString("hex"),
      tenant,
      mode: "live",
      model: T2V,
      seconds: 5,
      priceMicros: 1_000_000,
      rateVersion: 1,
      pricingVersion: 1,
      expiresAt: Date.now() + 900_000,
      ...given,
    },
    secrets,
  );

const submit = (key: string, quoted: string, body: object = { prompt: "[[sim: delay=1h]]" }): Promise<Response> =>
  call(key, "POST", `/api/v3/${T2V}`, body, { "x-wavegate-quote": quoted });

describe("a quote", () => {
  test("is the price where it is lower, as often as it is used, whatever the prompt", async () => {
    const { id, key, ledger } = await newTenant();
    const quoted = quote(id);
    for (const prompt of ["[[sim: delay=1h]] a", "[[sim: delay=1h]] b"]) {
      const response = await submit(key, quoted, { prompt, duration: "5" });
      expect(response.headers.get("x-wavegate-job-cost")).toBe("1.000000");
    }
    expect(await ledger.budgets()).toMatchObject([{ heldMicros: 2_000_000 }]);
  });

  test("never makes a job dearer than it is now", async () => {
    const { id, key } = await newTenant();
    const response = await submit(key, quote(id, { priceMicros: 9_000_000 }));
    expect(response.headers.get("x-wavegate-job-cost")).toBe("1.300000");
  });

  test.each([
    ["another duration", {}, { prompt: "x", duration: 10 }, "seconds"],
    ["another model", { model: "kwaivgi/kling-v2.1-t2v-master" }, undefined, "model"],
    ["another mode", { mode: "test" as const }, undefined, "mode"],
    ["another tenant", { tenant: "0123456789ab" }, undefined, "tenant"],
  ])("for %s is 409 quote_mismatch, and holds nothing", async (_name, claims, body, different) => {
    const { id, key, ledger } = await newTenant();
    const response = await submit(key, quote(id, claims), body);
    expect(response.status).toBe(409);
    expect((await envelope(response)).error).toMatchObject({
      code: "quote_mismatch",
      details: { different: [different] },
    });
    expect(await ledger.entries(0, 1)).toMatchObject({ headSeq: 0 });
  });

  test("that expired is 409 quote_expired, never the new price in silence", async () => {
    const { id, key } = await newTenant();
    const response = await submit(key, quote(id, { expiresAt: Date.now() - 1 }));
    expect(response.status).toBe(409);
    expect((await envelope(response)).error?.code).toBe("quote_expired");
  });

  test.each(["", "wgq_abc", "x".repeat(700)])("that is none of ours (%j) is 400 by the field's name", async (text) => {
    const { key } = await newTenant();
    const response = await submit(key, text);
    expect(response.status).toBe(400);
    expect((await envelope(response)).error?.issues?.[0]?.field).toBe("x-wavegate-quote");
  });
});
