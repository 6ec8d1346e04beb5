import { beforeAll, expect, test } from "vitest";
import { hasNoForm, newPlace, type Place } from "./place.ts";

let place: Place;
beforeAll(async () => {
  place = await newPlace();
});

const FAST = { new: "yes", id: "fast", scope: "team", of: "film", requests_per_minute: "60", concurrent_jobs: "0" };

test("a limit is made, changed and deleted; 0 is not empty", async () => {
  const { owner, operator, at } = place;
  expect((await owner.see(place.page("limits"))).html).toContain("There is no limit here");
  expect((await owner.send(place.page("limits/edit"), FAST)).status).toBe(303);
  const { body } = await operator("GET", `${at}/limits`);
  expect(body["data"]).toMatchObject([
    { id: "fast", requests_per_minute: 60, concurrent_jobs: 0, submits_per_day: null },
  ]);
  expect((await owner.see(place.page("limits/edit?id=fast"))).html).toContain('value="60"');
  await owner.send(place.page("limits/edit"), { ...FAST, new: "", requests_per_minute: "30" });
  expect((await owner.see(place.page("limits"))).html).toContain("0 of 0");
  expect((await owner.send(place.page("limits/delete"), { id: "fast" })).status).toBe(303);
});

test("wrong values are told, and what was typed stays", async () => {
  const { status, html } = await place.owner.send(place.page("limits/edit"), { ...FAST, requests_per_minute: "many" });
  expect(status).toBe(400);
  expect(html).toContain('id="requests_per_minute-wrong"');
  expect(html).toContain('value="many"');
});

test("the whole tenant's is the operator's; viewers see no form; strangers nothing", async () => {
  const { owner, viewer, stranger, asOperator } = place;
  const whole = { ...FAST, id: "whole", scope: "tenant", of: "" };
  expect((await owner.send(place.page("limits/edit"), whole)).status).toBe(403);
  expect((await asOperator.send(place.page("limits/edit"), whole)).status).toBe(303);
  expect((await owner.see(place.page("limits"))).html).not.toContain("edit?id=whole");
  expect((await owner.send(place.page("limits/delete"), { id: "whole" })).status).toBe(403);
  expect(hasNoForm((await viewer.see(place.page("limits"))).html)).toBe(true);
  expect((await viewer.send(place.page("limits/edit"), FAST)).status).toBe(403);
  expect((await stranger.see(place.page("limits"))).status).toBe(404);
  expect((await stranger.see(place.page("limits/edit"))).status).toBe(404);
});
