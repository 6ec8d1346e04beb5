import { beforeAll, expect, test } from "vitest";
import { ESCAPED, HOSTILE } from "./browse.ts";
import { hasNoForm, newPlace, type Place } from "./place.ts";

let place: Place;
beforeAll(async () => {
  place = await newPlace();
});

const MIA = { name: "Mia", email: "mia@example.com", role: "viewer", team: "" };
type Row = { id: string; email: string; role: string; state: string };
const rows = async (list: string): Promise<Row[]> =>
  (await place.operator("GET", `${place.at}/${list}`)).body["data"] as Row[];

test("an invitation's link is shown once, and can be taken back", async () => {
  const { owner } = place;
  const made = await owner.send(place.page("members/invitations"), { ...MIA, name: HOSTILE });
  expect(made.html).toMatch(/value="http:\/\/gateway\.test\/console\/sign-in\?code=[^"]+"/);
  const list = await owner.see(place.page("members"));
  expect(list.html).toContain(ESCAPED);
  expect(list.html).not.toMatch(/sign-in\?code=|<img src=x/);
  const [invitation] = await rows("invitations");
  const taken = await owner.send(place.page(`members/invitations/${invitation?.id ?? ""}/revoke`), {});
  expect(taken.status).toBe(303);
  expect((await rows("invitations"))[0]?.state).toBe("revoked");
});

test("wrong values are told beside their field", async () => {
  const path = place.page("members/invitations");
  expect((await place.owner.send(path, { ...MIA, email: "nobody" })).html).toContain('id="email-wrong"');
  const { status, html } = await place.owner.send(path, { ...MIA, team: "film" });
  expect([status, html.includes('id="team-wrong"')]).toEqual([400, true]);
});

test("role and team change, and a place is taken away", async () => {
  const viewer = (await rows("members")).find(({ role }) => role === "viewer")?.id ?? "";
  const at = place.page(`members/${viewer}`);
  expect((await place.owner.send(at, { role: "member", team: "film" })).status).toBe(303);
  expect(await rows("members")).toContainEqual(expect.objectContaining({ id: viewer, role: "member", team: "film" }));
  expect((await place.owner.send(at, { role: "viewer", team: "" })).status).toBe(303);
  expect((await place.viewer.send(at, { role: "owner", team: "" })).status).toBe(403);
  const { body } = await place.operator("POST", `${place.at}/members/${viewer}/links`);
  expect(body["url"]).toBeDefined();
});

test("an admin gives no more than an admin has", async () => {
  const asked = { ...MIA, email: "boss@example.com", role: "owner" };
  expect((await place.admin.send(place.page("members/invitations"), asked)).status).toBe(403);
  const owner = (await rows("members")).find(({ role }) => role === "owner")?.id ?? "";
  expect((await place.admin.send(place.page(`members/${owner}/remove`), {})).status).toBe(403);
});

test("they are for whoever manages the tenant", async () => {
  for (const who of [place.viewer, place.member]) {
    const { status, html } = await who.see(place.page("members"));
    expect([status, hasNoForm(html)]).toEqual([403, true]);
    expect((await who.send(place.page("members/invitations"), MIA)).status).toBe(403);
  }
  expect((await place.stranger.see(place.page("members"))).status).toBe(404);
});

test("teams are described, listed with what they spent, and forgotten", async () => {
  const { owner, viewer, member, stranger } = place;
  const page = place.page("teams");
  expect((await owner.see(page)).html).toContain("There is no team yet");
  expect((await owner.send(page, { team: "film", description: HOSTILE })).status).toBe(303);
  await owner.send(page, { team: "sound", description: "Noises" });
  const { html } = await owner.see(page);
  expect(html).toContain(ESCAPED);
  expect(html).toContain("$0.00");
  const wrong = await owner.send(page, { team: HOSTILE, description: "" });
  expect([wrong.status, wrong.html.includes('id="team-wrong"'), wrong.html.includes(HOSTILE)]).toEqual([
    400,
    true,
    false,
  ]);
  expect((await member.see(page)).html).not.toContain("Noises");
  for (const who of [viewer, member]) {
    expect(hasNoForm((await who.see(page)).html)).toBe(true);
    expect((await who.send(page, { team: "mine", description: "" })).status).toBe(403);
  }
  expect((await stranger.see(page)).status).toBe(404);
  expect((await stranger.send(page, { team: "film", description: "" })).status).toBe(404);
  expect((await owner.send(`${page}/delete`, { team: "sound" })).status).toBe(303);
  expect((await owner.see(page)).html).not.toContain("Noises");
});
