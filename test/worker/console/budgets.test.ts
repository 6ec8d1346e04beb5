import { beforeAll, expect, test } from "vitest";
import { MODEL, reserve } from "../management/api.ts";
import { hasNoForm, newPlace, type Place } from "./place.ts";

let place: Place;
beforeAll(async () => {
  place = await newPlace();
});

const FILM = { new: "yes", id: "film", scope: "team", of: "film", limit: "2.00", window: "month", mode: "live" };

test("a new budget shows what it would refuse, and is made only then", async () => {
  const { owner, operator, at } = place;
  expect((await owner.see(place.page("budgets"))).html).toContain("There is no budget here");
  await operator("PUT", `${at}/budgets/all`, { scope: { tenant: true }, limit: "50", window: "month" });
  const { body } = await operator("POST", `${at}/keys`, { name: "a", team: "film" });
  await reserve(place.tenant, String(body["key"]));
  const before = (await operator("GET", `${at}/balance`)).body;
  const preview = await owner.send(place.page("budgets/edit"), { ...FILM, do: "preview" });
  expect(preview.status).toBe(200);
  expect(preview.html).toContain("What it would refuse");
  expect(preview.html).toContain("$0.70 would be left");
  expect(preview.html).toContain(MODEL);
  expect(preview.html).toContain("The one job, $1.30, would have been admitted");
  expect((await operator("GET", `${at}/balance`)).body).toEqual(before);
  expect((await owner.send(place.page("budgets/edit"), { ...FILM, do: "save" })).status).toBe(303);
  const list = await owner.see(place.page("budgets"));
  expect(list.html).toContain("$0.00 captured and $1.30 held of $2.00");
  expect(list.html).toContain("/jobs?status=running&amp;team=film");
});

test("a lower limit says by how much it is over", async () => {
  const form = { ...FILM, new: "", limit: "1.00", do: "preview" };
  const { html } = await place.owner.send(place.page("budgets/edit"), form);
  expect(html).toContain("$0.30 more than this limit is used already");
  expect(html).toContain("1 of 1 job would have been refused: $1.30 of $1.30");
});

test("wrong values are told beside their field", async () => {
  const asked = { ...FILM, id: "Wrong Name", limit: "1.2345678", thresholds: "0" };
  const { status, html } = await place.owner.send(place.page("budgets/edit"), { ...asked, do: "preview" });
  expect(status).toBe(400);
  expect(html).toContain('id="id-wrong"');
  const limit = await place.owner.send(place.page("budgets/edit"), { ...FILM, limit: "1.2345678", do: "save" });
  expect(limit.html).toContain('id="limit-wrong"');
});

test("what the tenant as a whole may spend is the operator's: no button, and a post is refused", async () => {
  const { owner, asOperator } = place;
  const { html } = await owner.see(place.page("budgets"));
  expect(html).toContain("The operator&#39;s to change");
  expect(html).not.toContain("edit?id=all");
  const whole = { ...FILM, new: "", id: "all", scope: "tenant", of: "", limit: "900" };
  for (const step of ["preview", "save"]) {
    expect((await owner.send(place.page("budgets/edit"), { ...whole, do: step })).status).toBe(403);
  }
  expect((await owner.send(place.page("budgets/delete"), { id: "all" })).status).toBe(403);
  expect((await asOperator.see(place.page("budgets"))).html).toContain("edit?id=all");
  expect((await asOperator.send(place.page("budgets/edit"), { ...whole, do: "save" })).status).toBe(303);
});

test("viewers see no form, members their team's, strangers nothing", async () => {
  const { viewer, member, stranger } = place;
  expect(hasNoForm((await viewer.see(place.page("budgets"))).html)).toBe(true);
  expect((await viewer.see(place.page("budgets/edit"))).status).toBe(403);
  expect((await viewer.send(place.page("budgets/edit"), { ...FILM, do: "save" })).status).toBe(403);
  const { html } = await member.see(place.page("budgets"));
  expect(html).toContain("of team film");
  expect(html).not.toContain("of the whole tenant");
  expect((await stranger.see(place.page("budgets"))).status).toBe(404);
  expect((await stranger.send(place.page("budgets/edit"), { ...FILM, do: "save" })).status).toBe(404);
});

test("a budget is deleted after a question", async () => {
  const { owner } = place;
  expect((await owner.see(place.page("budgets"))).html).toContain('data-confirm="Delete budget film?"');
  expect((await owner.send(place.page("budgets/delete"), { id: "film" })).status).toBe(303);
  expect((await owner.see(place.page("budgets"))).html).not.toContain("of team film");
});
