import { beforeAll, expect, test } from "vitest";
import { callerWith } from "../management/api.ts";
import { ESCAPED, HOSTILE } from "./browse.ts";
import { hasNoForm, newPlace, type Place } from "./place.ts";

let place: Place;
beforeAll(async () => {
  place = await newPlace();
});

const FORM = { name: "farm", "scopes.submit": "on", "scopes.read": "on" };
const secretOf = (html: string): string => /wg_(?:live|test)_[\w-]+/.exec(html)?.[0] ?? "";
const idOf = async (name: string): Promise<string> => {
  const { body } = await place.operator("GET", `${place.at}/keys`);
  return (body["data"] as { id: string; name: string }[]).find((key) => key.name === name)?.id ?? "";
};

test("an empty list says the next step; a key is shown once, works, and is in a curl", async () => {
  expect((await place.owner.see(place.page("keys"))).html).toContain("There is no key yet");
  const made = await place.admin.send(place.page("keys"), FORM);
  expect(made.status).toBe(200);
  const key = secretOf(made.html);
  expect(made.html).toContain(`Authorization: Bearer ${key}`.replaceAll("'", "&#39;"));
  expect((await callerWith(key)("GET", "/v1/me")).status).toBe(200);
  const list = await place.owner.see(place.page("keys"));
  expect(list.html).toContain("farm");
  expect(list.html).not.toContain(key);
});

test("wrong values are told beside their field, and what was typed stays", async () => {
  const answer = await place.owner.send(place.page("keys"), { ...FORM, name: "kept", ips: "203.0.113.0/99" });
  expect(answer.status).toBe(400);
  expect(answer.html).toMatch(/id="ips-wrong" class="wrong"/);
  expect(answer.html).toContain('value="kept"');
});

test("a key is changed, disabled and enabled again", async () => {
  await place.owner.send(place.page("keys"), { ...FORM, name: "changed" });
  const id = await idOf("changed");
  const page = place.page(`keys/${id}`);
  const form = { ...FORM, name: "changed", team: "film", ips: "203.0.113.0/24, 198.51.100.7" };
  expect((await place.owner.send(page, { ...form, do: "save" })).status).toBe(303);
  await place.owner.send(page, { ...form, do: "disable" });
  const { body } = await place.operator("GET", `${place.at}/keys/${id}`);
  expect(body).toMatchObject({ team: "film", ips: ["203.0.113.0/24", "198.51.100.7/32"], scopes: ["submit", "read"] });
  expect(body["disabled_at"]).not.toBeNull();
  await place.owner.send(page, { ...form, do: "enable" });
  expect((await place.operator("GET", `${place.at}/keys/${id}`)).body["disabled_at"]).toBeNull();
});

test("after a rotation the old secret works on, and the page says until when; revoking ends both", async () => {
  const old = secretOf((await place.owner.send(place.page("keys"), { ...FORM, name: "rotated" })).html);
  const page = place.page(`keys/${await idOf("rotated")}`);
  const fresh = secretOf((await place.owner.send(`${page}/rotate`, { overlap_seconds: "3600" })).html);
  expect(fresh).not.toBe(old);
  expect((await place.owner.see(page)).html).toContain("works until");
  for (const key of [old, fresh]) expect((await callerWith(key)("GET", "/v1/me")).status).toBe(200);
  expect((await place.owner.see(page)).html).toContain("data-confirm=");
  expect((await place.owner.send(`${page}/revoke`, { cancel_queued: "on" })).status).toBe(303);
  for (const key of [old, fresh]) expect((await callerWith(key)("GET", "/v1/me")).status).toBe(401);
  for (const path of [page, place.page("keys")])
    expect((await place.owner.see(path)).html).not.toContain("works until");
  expect(hasNoForm((await place.owner.see(page)).html)).toBe(true);
});

test("a viewer sees no form, and what is posted all the same is refused", async () => {
  await place.owner.send(place.page("keys"), { ...FORM, name: "seen" });
  const page = place.page(`keys/${await idOf("seen")}`);
  for (const path of [place.page("keys"), page]) expect(hasNoForm((await place.viewer.see(path)).html)).toBe(true);
  expect((await place.viewer.see(place.page("keys/new"))).status).toBe(403);
  expect((await place.viewer.send(place.page("keys"), FORM)).status).toBe(403);
  for (const what of ["", "/rotate", "/revoke"]) {
    expect((await place.viewer.send(page + what, { overlap_seconds: "0" })).status).toBe(403);
  }
});

test("a member sees the own team's keys, a stranger nothing", async () => {
  await place.owner.send(place.page("keys"), { ...FORM, name: "of film", team: "film" });
  await place.owner.send(place.page("keys"), { ...FORM, name: "of others", team: "others" });
  const { html } = await place.member.see(place.page("keys"));
  expect(html).toContain("of film");
  expect(html).not.toContain("of others");
  const id = await idOf("of others");
  for (const path of ["keys", "keys/new", `keys/${id}`]) {
    expect((await place.stranger.see(place.page(path))).status).toBe(404);
  }
  expect((await place.member.see(place.page(`keys/${id}`))).status).toBe(404);
  expect((await place.owner.see(place.page("keys/nonsense"))).status).toBe(404);
});

test("a hostile name is text", async () => {
  await place.owner.send(place.page("keys"), { ...FORM, name: HOSTILE });
  const list = await place.owner.see(place.page("keys"));
  const one = await place.owner.see(place.page(`keys/${await idOf(HOSTILE)}`));
  for (const { html } of [list, one]) {
    expect(html).toContain(ESCAPED);
    expect(html).not.toContain(HOSTILE);
  }
});
