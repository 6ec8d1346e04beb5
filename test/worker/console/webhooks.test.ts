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
  expect((await owner.see(page)).html).toContain("switched off by a person");
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

test("an endpoint is changed on its own page: address, events, whose jobs, how it is signed", async () => {
  const { owner } = place;
  await owner.send(place.page("webhooks"), FORM);
  const path = place.page(`webhooks/${String((await first())["id"])}`);
  expect((await owner.see(place.page("webhooks"))).html).toContain(`href="${path}"`);
  expect((await owner.see(path)).html).toContain(`value="${FORM.url}"`);
  const change = {
    url: "https://hooks.example.com/b",
    "events.job.failed": "on",
    mode: "live",
    signature: "wavespeed",
  };
  expect((await owner.send(path, change)).location).toBe(`${path}?done=saved`);
  expect(await first()).toMatchObject({
    url: change.url,
    events: ["job.failed"],
    mode: "live",
    signature: "wavespeed",
  });
  const wrong = await owner.send(path, { url: "https://hooks.example.com/c" });
  expect([wrong.status, wrong.html.includes('id="events-wrong"')]).toEqual([400, true]);
  expect(wrong.html).toContain('value="https://hooks.example.com/c"');
  expect((await owner.see(place.page("webhooks/nothing"))).status).toBe(404);
  expect((await place.viewer.see(path)).status).toBe(403);
  expect((await place.viewer.send(path, change)).status).toBe(403);
  expect((await place.stranger.see(path)).status).toBe(404);
  expect((await place.stranger.send(path, change)).status).toBe(404);
  await owner.send(`${path}/delete`, {});
});

test("the signing secret is rotated, and what is wrong about it is told beside its field", async () => {
  const { owner } = place;
  const path = place.page("webhooks/secret");
  expect((await owner.send(path, { overlap_seconds: "3600" })).location).toBe(`${place.page("webhooks")}?done=secret`);
  const wrong = await owner.send(path, { overlap_seconds: "-1" });
  expect([wrong.status, wrong.html.includes('id="overlap_seconds-wrong"')]).toEqual([400, true]);
  expect((await place.member.send(path, { overlap_seconds: "0" })).status).toBe(403);
  expect((await place.stranger.send(path, { overlap_seconds: "0" })).status).toBe(404);
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
  const ofEndpoint = await owner.see(place.page(`webhooks/deliveries?endpoint=${String((await first())["id"])}`));
  expect(ofEndpoint.html).toContain(path);
  const wrong = await owner.see(place.page("webhooks/deliveries?job=mine"));
  expect([wrong.status, wrong.html.includes('id="job-wrong"')]).toEqual([400, true]);
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
