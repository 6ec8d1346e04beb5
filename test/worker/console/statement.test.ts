import { beforeAll, expect, test } from "vitest";
import { ledgerOf } from "../../../src/ledger/ledger-of.ts";
import { replayJournal } from "../../../src/reporting/index.ts";
import { testEnv } from "../../support/test-env.ts";
import { report } from "../management/api.ts";
import { newPlace, type Place } from "./place.ts";

let place: Place;
beforeAll(async () => {
  place = await newPlace();
});

test("a statement shows what the credit began the month with and what it stands at", async () => {
  const { operator, at, tenant, owner, page } = place;
  const path = page(`billing/${new Date().toISOString().slice(0, 7)}`);
  expect((await owner.see(path)).html).not.toContain("Opening balance");
  const once = () => ({ "idempotency-key": crypto.randomUUID() });
  await operator("POST", `${at}/credit/top-ups`, { amount: "20", reason: "invoice 1" }, once());
  await operator("POST", `${at}/credit/adjustments`, { amount: "-0.5", reason: "rounding" }, once());
  await replayJournal(report, tenant, ledgerOf(testEnv, tenant), 1_000);
  const { html } = await owner.see(path);
  const lines = [...html.matchAll(/<tr><th scope="row">([^<]+)<\/th><td class="num">([^<]+)<\/td><\/tr>/g)];
  expect(lines.map(([, label, amount]) => [label, amount])).toEqual([
    ["Opening balance", "$0.00"],
    ["Top-ups", "$20.00"],
    ["Adjustments", "-$0.50"],
    ["Jobs charged to it", "$0.00"],
    ["Balance so far", "$19.50"],
  ]);
});
