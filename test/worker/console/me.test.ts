import { beforeAll, expect, test } from "vitest";
import { newTenant } from "../management/api.ts";
import { signedIn, type SignedIn } from "../management/signed-in.ts";
import { post, see } from "./browse.ts";

let operator: SignedIn;

beforeAll(async () => {
  operator = await signedIn({ operator: true });
});

test("somebody sees their places and sessions, each place by its tenant's name as text", async () => {
  const tenant = await newTenant(operator.call, "<img src=x onerror=alert(1)>");
  const member = await signedIn({ places: [{ tenant, role: "member", team: "film" }] });
  const { status, html } = await see("/console/me", member.cookie);
  expect(status).toBe(200);
  expect(html).toContain("&lt;img src=x");
  expect(html).not.toContain("<img");
  expect(html).toContain("film");
  expect(html).toContain("This one");
  expect(html).toMatch(/id="passkey-add"[^>]*hidden/);
});

test("who has no place is told how to come to one", async () => {
  const nobody = await signedIn({});
  expect((await see("/console/me", nobody.cookie)).html).toContain("You have no place at a tenant");
});

test("only an own session can be ended, and only by the page's form", async () => {
  const one = await signedIn({});
  const other = await signedIn({});
  const stolen = await post(`/console/me/sessions/${other.session}/end`, { csrf: one.csrf }, { cookie: one.cookie });
  expect(stolen.status).toBe(404);
  expect(await stolen.text()).toContain('role="alert"');
  expect((await see("/console/me", other.cookie)).status).toBe(200);
  expect((await post(`/console/me/sessions/${one.session}/end`, {}, { cookie: one.cookie })).status).toBe(403);
  const ended = await post(`/console/me/sessions/${one.session}/end`, { csrf: one.csrf }, { cookie: one.cookie });
  expect(ended.status).toBe(303);
  expect((await see("/console/me", one.cookie)).status).toBe(303);
});
