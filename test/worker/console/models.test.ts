import { beforeAll, expect, test } from "vitest";
import { syncCatalogue } from "../../../src/sync/index.ts";
import { control, MODEL, type Json } from "../management/api.ts";
import { ESCAPED, HOSTILE } from "./browse.ts";
import { newPlace, type Place } from "./place.ts";

const LISTED = "acme/listed";
const SCHEMA = { type: "object", required: ["prompt"], properties: { prompt: { type: "string" } } };

let place: Place;
beforeAll(async () => {
  place = await newPlace();
  const entry = {
    model_id: LISTED,
    name: LISTED,
    type: "text-to-image",
    description: HOSTILE,
    base_price: 0.005,
    formula: "",
    api_schema: { api_schemas: [{ type: "model_run", request_schema: SCHEMA }] },
  };
  const priced = { ...entry, model_id: MODEL, base_price: 9, formula: "base_price * duration / 5" };
  const models = () => Promise.resolve({ kind: "listed" as const, entries: [entry, priced] });
  await syncCatalogue(control, { models }, Date.now() - 7_200_000, { everyMs: 0 });
});

const pricesOf = (id: string): string => `/console/models/prices?${new URLSearchParams({ model: id })}`;

test("models are found by part of the id and by state, with the next step where there is none", async () => {
  const { asOperator } = place;
  const all = await asOperator.see("/console/models");
  expect([all.status, all.html.includes(LISTED), all.html.includes(MODEL)]).toEqual([200, true, true]);
  const off = await asOperator.see("/console/models?q=acme&enabled=false");
  expect([off.html.includes(LISTED), off.html.includes(MODEL)]).toEqual([true, false]);
  expect((await asOperator.see("/console/models?q=acme&enabled=true")).html).toContain("No such model");
  expect((await asOperator.see("/console/models?enabled=perhaps")).status).toBe(400);
});

test("a model is enabled and switched off, and the way back is where one was", async () => {
  const { asOperator, operator } = place;
  const form = { do: "switch", model: LISTED, from: "?q=acme" };
  const on = await asOperator.send("/console/models", { ...form, enabled: "yes" });
  expect([on.status, on.location]).toEqual([303, "/console/models?q=acme&done=saved"]);
  const shown = async () => ((await operator("GET", `/v1/models?q=${LISTED}`)).body["data"] as Json[])[0];
  expect(await shown()).toMatchObject({ enabled: true, cost: { unit_price: "0.005000" } });
  const off = await asOperator.send("/console/models", { ...form, from: `?model=${LISTED}`, enabled: "no" });
  expect(off.location).toBe("/console/models/prices?model=acme%2Flisted&done=saved");
  expect(await shown()).toMatchObject({ enabled: false });
  const unknown = await asOperator.send("/console/models", { ...form, model: "nobody/nothing", enabled: "yes" });
  expect([unknown.status, unknown.html.includes('role="alert"')]).toEqual([400, true]);
});

test("a model's page shows its versions, what WaveSpeed's list says, and the differences", async () => {
  const { asOperator } = place;
  const { html, status } = await asOperator.see(pricesOf(MODEL));
  expect([status, html.includes("in force"), html.includes("Compared with WaveSpeed")]).toEqual([200, true, true]);
  expect(html).toContain("+$1.54");
  const listed = await asOperator.see(pricesOf(LISTED));
  expect([listed.html.includes(ESCAPED), listed.html.includes(HOSTILE)]).toEqual([true, false]);
  expect((await asOperator.see(pricesOf("nobody/nothing"))).status).toBe(404);
});

test("the next price waits in the list; sent twice it is one version; wrong values stay with what is wrong", async () => {
  const { asOperator, operator } = place;
  const form = {
    model: MODEL,
    unit_price: "0.31",
    unit: "second",
    effective_from: "",
    source: HOSTILE,
    once: "price-1",
  };
  const made = await asOperator.send("/console/models/prices", form);
  expect([made.status, made.location]).toEqual([303, `${pricesOf(MODEL)}&done=price`]);
  await asOperator.send("/console/models/prices", form);
  const { body } = await operator("GET", `/v1/rates?model=${MODEL}`);
  expect(body["data"]).toMatchObject([{ scheduled: [{ unit_price: "0.310000", version: 2 }] }]);
  const { html } = await asOperator.see(pricesOf(MODEL));
  expect([html.includes("$0.31 a second"), html.includes("waits"), html.includes(HOSTILE)]).toEqual([
    true,
    true,
    false,
  ]);
  const wrong = await asOperator.send("/console/models/prices", { ...form, unit_price: "0", effective_from: "soon" });
  expect([wrong.status, wrong.html.includes('id="effective_from-wrong"'), wrong.html.includes('value="soon"')]).toEqual(
    [400, true, true],
  );
});

test("the list is read at once, and the page says what came of it", async () => {
  const synced = await place.asOperator.send("/console/models", { do: "sync" });
  expect([200, 409]).toContain(synced.status);
  expect(synced.html).toMatch(/WaveSpeed lists \d+ models|Sync, even if/);
});

test("these pages are the operators' alone", async () => {
  for (const who of [place.owner, place.viewer]) {
    for (const path of ["/console/models", pricesOf(MODEL)]) expect((await who.see(path)).status).toBe(403);
    const off = await who.send("/console/models", { do: "switch", model: MODEL, enabled: "no", from: "" });
    const price = await who.send("/console/models/prices", { model: MODEL, unit_price: "0.01" });
    expect([off.status, price.status]).toEqual([403, 403]);
  }
});
