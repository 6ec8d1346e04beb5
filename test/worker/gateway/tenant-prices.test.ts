import { expect, test } from "vitest";
import { call, envelope, newTenant, T2V } from "./api.ts";

interface Listed {
  model_id: string;
  base_price: number;
}

test("list, price and submit all say the tenant's own price, and never the cost", async () => {
  const { key, ledger } = await newTenant();
  const own = { "kwaivgi/kling-v2.1-i2v-pro": { unitMicros: 100_000 } };
  await ledger.change("set_pricing", { markupBps: 1_500, models: own });

  const models = (await envelope(await call(key, "GET", "/api/v3/models"))).data as unknown as Listed[];
  const priceOf = (id: string): number | undefined => models.find((model) => model.model_id === id)?.base_price;
  expect(priceOf(T2V)).toBe(1.495);
  expect(priceOf("kwaivgi/kling-v2.1-i2v-pro")).toBe(0.5);

  const body = { model_id: T2V, inputs: { duration: 10 } };
  expect((await envelope(await call(key, "POST", "/api/v3/model/price", body))).data["price"]).toBe(2.99);
  const submit = await call(key, "POST", `/api/v3/${T2V}`, { prompt: "[[sim: delay=1h]]", duration: 10 });
  expect(submit.headers.get("x-wavegate-job-cost")).toBe("2.990000");
});

test("price without a model is refused by the field's name", async () => {
  const { key } = await newTenant();
  const refused = await envelope(await call(key, "POST", "/api/v3/model/price", {}));
  expect(refused).toMatchObject({ code: 400, error: { issues: [{ field: "model_id", value: "missing" }] } });
});

test("balance is the least of what tenant budgets and credit leave", async () => {
  const { key, ledger } = await newTenant(20_000_000);
  const balance = async (): Promise<unknown> =>
    (await envelope(await call(key, "GET", "/api/v3/balance"))).data["balance"];
  expect(await balance()).toBe(20);
  await ledger.change("top_up", { amountMicros: 5_000_000, reason: "" });
  expect(await balance()).toBe(5);
  await ledger.change("set_credit_limit", { limitMicros: 1_500_000 });
  expect(await balance()).toBe(6.5);
});
