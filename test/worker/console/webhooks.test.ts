import { beforeAll, expect, test } from "vitest";
import { ESCAPED, HOSTILE } from "./browse.ts";
import { hasNoForm, newPlace, type Place } from "./place.ts";

let place: Place;
beforeAll(async () => {
  place = await newPlace();
});

const FORM = { url: "https://hooks.example.com/a", "events.job.completed": "on", description: HOSTILE };
const first = async (): Promise<Record<string, unknown>> => {
  const { body } = await place.operator("GET", `${place.at}/webhooks`);
  return (body["data"] as Record<string, unknown>[])[0] ?? {};
};

test("an endpoint is made, disabled, enabled and deleted", async () => {
  const { owner } = place;
  const page = place.page("webhooks");
  expect((await owner.see(page)).html).toContain("There is no endpoint yet");
  expect((await owner.send(page, FORM)).status).toBe(303);
  expect(await first()).toMatchObject({ url: FORM.url, events: ["job.completed"], mode: null, signature: "standard" });
  const { html } = await owner.see(page);
  expect(html).toContain(ESCAPED);
  expect(html).not.toContain(HOSTILE);
  const at = `${page}/${String((await first())["id"])}`;
  await owner.send(`${at}/enabled`, { enabled: "" });
  expect((await owner.see(page)).html).toContain("disabled: operator");
  await owner.send(`${at}/enabled`, { enabled: "yes" });
  expect(await first()).toMatchObject({ enabled: true });
  expect((await owner.send(`${at}/delete`, {})).status).toBe(303);
  expect(await first()).toEqual({});
});

test("wrong values are told beside their field, and what was typed stays", async () => {
  const { status, html } = await place.owner.send(place.page("webhooks"), { ...FORM, url: "http://10.0.0.1/" });
  expect(status).toBe(400);
  expect(html).toContain('id="url-wrong"');
  expect(html).toContain('value="http://10.0.0.1/"');
});

test("a test leaves a delivery, which is shown with its attempts and replayed", async () => {
  const { owner } = place;
  await owner.send(place.page("webhooks"), FORM);
  const sent = await owner.send(place.page(`webhooks/${String((await first())["id"])}/test`), {});
  expect(sent.location).toBe(`${place.page("webhooks/deliveries")}?done=sent`);
  const list = await owner.see(sent.location ?? "");
  const path = /href="(\/console\/[^"]+\/deliveries\/[0-9a-f]{16})"/.exec(list.html)?.[1] ?? "";
  const one = await owner.see(path);
  expect([one.status, one.html.includes("wavegate/test")]).toEqual([200, true]);
  expect((await owner.send(`${path}/replay`, {})).status).toBe(303);
  expect((await owner.see(place.page("webhooks/deliveries?state=dropped"))).html).toContain(
    "There is no such delivery",
  );
  expect((await place.stranger.see(path)).status).toBe(404);
});

test("they are for whoever manages the tenant", async () => {
  for (const who of [place.viewer, place.member]) {
    const { status, html } = await who.see(place.page("webhooks"));
    expect([status, hasNoForm(html)]).toEqual([403, true]);
    expect((await who.send(place.page("webhooks"), FORM)).status).toBe(403);
    expect((await who.see(place.page("webhooks/deliveries"))).status).toBe(403);
  }
  expect((await place.stranger.see(place.page("webhooks"))).status).toBe(404);
  expect((await place.stranger.send(place.page("webhooks"), FORM)).status).toBe(404);
});
