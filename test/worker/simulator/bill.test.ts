import { describe, expect, it } from "vitest";
import { newAccount, T2V } from "./account-client.ts";

describe("the bill", () => {
  it("charges by seconds at submit and refunds failed, timed-out and moderated tasks at their end", async () => {
    const account = newAccount();
    const kept = await account.create("x [[sim: delay=1h]]", { duration: 10 });
    await account.create("[[sim: delay=1h, fail]]");
    await account.create("[[sim: delay=1h, moderated]]");
    await account.create("[[sim: delay=1h, end=timeout]]");
    await account.create("[[sim: delay=1h, nsfw]]");
    await account.create("[[sim: delay=1h, end=cancelled]]");
    await account.create("[[sim: delay=1h, end=cancelled, refund]]");
    expect(await account.bill()).toMatchObject({
      tasks: 7,
      submits: 7,
      deducted_micros: 10_400_000,
      refunded_micros: 0,
    });
    await account.data("POST", "/control/clock", { advance: "1h" });
    const bill = await account.bill();
    expect(bill).toMatchObject({
      deducted_micros: 10_400_000,
      refunded_micros: 5_200_000,
      net_micros: 5_200_000,
    });
    expect(bill.items.find((item) => item.prediction_id === kept)).toMatchObject({
      model: T2V,
      status: "completed",
      deduct_micros: 2_600_000,
      refund_micros: 0,
    });
    expect(await account.data("GET", "/api/v3/balance")).toEqual({ balance: 1_000_000 - 5.2 });
  });

  it.each([
    ["kwaivgi/kling-v2.0-i2v-master", 1_300_000, 2_600_000],
    ["kwaivgi/kling-v2.1-i2v-master", 1_300_000, 2_600_000],
    ["kwaivgi/kling-v2.1-i2v-pro", 450_000, 900_000],
    ["kwaivgi/kling-v2.1-i2v-standard", 250_000, 500_000],
  ])("of %s is what its price quote says", async (model, five, ten) => {
    const account = newAccount();
    const inputs = { image: "https://x.test/a.png", prompt: "x" };
    for (const duration of ["5", 10]) {
      await account.data("POST", `/api/v3/${model}`, { ...inputs, duration });
      await account.data("POST", "/control/clock", { advance: "1s" });
    }
    expect((await account.bill()).items.map((item) => item.deduct_micros)).toEqual([five, ten]);
    const quote = await account.data("POST", "/api/v3/model/price", {
      model_id: model,
      inputs: { duration: "10" },
    });
    expect(quote).toMatchObject({
      price: ten / 1e6,
      discounted_price: ten / 1e6,
      discount_rate: 100,
      currency: "USD",
    });
    const older = await account.data("POST", "/api/v3/model/pricing", {
      model_id: model,
      inputs: {},
    });
    expect(older["unit_price"]).toBe(five / 1e6);
  });

  it("comes in pages that miss and repeat nothing", async () => {
    const account = newAccount();
    const ids = await Promise.all(["a", "b", "c", "d", "e"].map(async (prompt) => account.create(prompt)));
    const seen: string[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const page = await account.data("GET", `/control/bill?limit=2&cursor=${cursor}`);
      seen.push(...(page["items"] as { prediction_id: string }[]).map((item) => item.prediction_id));
      cursor = page["next_cursor"] as string | null;
    }
    expect(seen.toSorted()).toEqual(ids.toSorted());
  });

  it("is told by billing records too: pre, then done, then a refund", async () => {
    const account = newAccount();
    const id = await account.create("[[sim: delay=1h, fail]]");
    await account.create("another");
    const search = { prediction_uuids: [id], sort: "created_at ASC" };
    const before = await account.data("POST", "/api/v3/billings/search", search);
    expect(before).toMatchObject({
      total: 1,
      has_more: false,
      items: [{ billing_type: "deduct", order: { state: "pre" } }],
    });
    await account.data("POST", "/control/clock", { advance: "1h" });
    expect((await account.data("POST", "/api/v3/billings/search", search))["items"]).toMatchObject([
      {
        billing_type: "deduct",
        price: 1.3,
        order: { state: "done" },
        prediction: { uuid: id, status: "failed" },
      },
      { billing_type: "refund", price: 1.3, prediction: { uuid: id } },
    ]);
    const refunds = await account.data("POST", "/api/v3/billings/search", {
      billing_type: "refund",
    });
    expect(refunds["total"]).toBe(1);
  });

  it("agrees with the usage statistics", async () => {
    const account = newAccount();
    await account.create("[[sim: delay=0s]]");
    await account.create("[[sim: delay=0s, fail]]");
    const start = new Date(Date.now() - 86_400_000).toISOString();
    const end = new Date(Date.now() + 86_400_000).toISOString();
    const usage = await account.data("POST", "/api/v3/user/usage_stats", {
      start_time: start,
      end_time: end,
    });
    expect(usage["summary"]).toEqual({ total_cost: 1.3, total_requests: 2, success_requests: 1 });
    const wide = { start_time: "2026-01-01T00:00:00Z", end_time: "2026-03-01T00:00:00Z" };
    expect((await account.call("POST", "/api/v3/user/usage_stats", wide)).status).toBe(400);
  });
});
