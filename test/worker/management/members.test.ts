import { beforeAll, beforeEach, expect, test } from "vitest";
import { callerWith, control, migrate, newTenant, operatorKey, type Call } from "./api.ts";
import { enter, newEmail } from "./browser.ts";
import { signedIn } from "./signed-in.ts";

let operator: Call;

beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
});

beforeEach(async () => void (await control.prepare("DELETE FROM attempts").run()));

type Role = "owner" | "admin" | "member" | "viewer";

const inTenant = (tenant: string, role: Role, team?: string) =>
  signedIn({ places: [{ tenant, role, ...(team !== undefined && { team }) }] });

const invitation = (role: Role) => ({ email: newEmail(), name: "Mia", role });

test("nobody invites to more than they have, and viewers and members invite nobody", async () => {
  const tenant = await newTenant(operator);
  const at = `/v1/tenants/${tenant}/invitations`;
  const allowed: Record<Role, Role[]> = {
    owner: ["owner", "admin", "member", "viewer"],
    admin: ["member", "viewer"],
    member: [],
    viewer: [],
  };
  for (const own of ["owner", "admin", "member", "viewer"] as const) {
    const { call } = await inTenant(tenant, own);
    for (const role of ["owner", "admin", "member", "viewer"] as const) {
      const { status } = await call("POST", at, invitation(role));
      expect(status, `${own} invites ${role}`).toBe(allowed[own].includes(role) ? 201 : 403);
    }
  }
  const elsewhere = await inTenant(await newTenant(operator), "owner");
  expect((await elsewhere.call("POST", at, invitation("viewer"))).status).toBe(404);
  expect((await elsewhere.call("GET", at)).status).toBe(404);
});

test("an admin neither changes nor removes owners and admins, nor makes one", async () => {
  const tenant = await newTenant(operator);
  const at = `/v1/tenants/${tenant}/members`;
  const [owner, admin, other, member] = await Promise.all(
    (["owner", "admin", "admin", "member"] as const).map((role) => inTenant(tenant, role)),
  );
  if (!owner || !admin || !other || !member) throw new Error("nobody");
  for (const above of [owner.person, other.person, admin.person]) {
    expect((await admin.call("PATCH", `${at}/${above}`, { role: "viewer" })).status).toBe(403);
    expect((await admin.call("DELETE", `${at}/${above}`)).status).toBe(403);
  }
  for (const role of ["owner", "admin"]) {
    expect((await admin.call("PATCH", `${at}/${member.person}`, { role })).status).toBe(403);
    expect((await admin.call("PATCH", `${at}/${admin.person}`, { role })).status).toBe(403);
    expect((await member.call("PATCH", `${at}/${member.person}`, { role })).status).toBe(403);
  }
  const changed = await admin.call("PATCH", `${at}/${member.person}`, { team: "trailer" });
  expect(changed.body).toMatchObject({ role: "member", team: "trailer" });
  const viewer = await admin.call("PATCH", `${at}/${member.person}`, { role: "viewer" });
  expect(viewer.body).toMatchObject({ role: "viewer", team: null });
  const refused = await admin.call("PATCH", `${at}/${member.person}`, { team: "trailer" });
  expect(refused.body).toMatchObject({ status: 400, errors: [{ field: "team" }] });
});

test("the last owner who can sign in stays, also when two demote each other; an operator may", async () => {
  const tenant = await newTenant(operator);
  const at = `/v1/tenants/${tenant}/members`;
  const [one, two] = await Promise.all([inTenant(tenant, "owner"), inTenant(tenant, "owner")]);
  const statuses = await Promise.all([
    one.call("PATCH", `${at}/${two.person}`, { role: "viewer" }),
    two.call("DELETE", `${at}/${one.person}`),
  ]);
  expect(statuses.filter(({ status }) => status < 300)).toHaveLength(1);
  const owners = "SELECT person FROM memberships WHERE tenant = ? AND role = 'owner'";
  const { results } = await control.prepare(owners).bind(tenant).all<{ person: string }>();
  expect(results).toHaveLength(1);
  const last = results[0]?.person === one.person ? one : two;
  const disabled = await inTenant(tenant, "owner");
  expect((await operator("PATCH", `/v1/people/${disabled.person}`, { disabled: true })).status).toBe(200);
  expect((await last.call("DELETE", `${at}/${last.person}`)).status).toBe(409);
  expect((await last.call("PATCH", `${at}/${last.person}`, { role: "admin" })).status).toBe(409);
  expect((await operator("DELETE", `${at}/${last.person}`)).status).toBe(204);
  expect((await last.call("GET", at)).status).toBe(404);
});

test("who was removed is out at once, and the links that they made lead nowhere", async () => {
  const tenant = await newTenant(operator);
  const admin = await inTenant(tenant, "admin");
  const open = await admin.call("POST", `/v1/tenants/${tenant}/invitations`, invitation("member"));
  expect((await admin.call("GET", `/v1/tenants/${tenant}/keys`)).status).toBe(200);
  expect((await operator("DELETE", `/v1/tenants/${tenant}/members/${admin.person}`)).status).toBe(204);
  expect((await admin.call("GET", `/v1/tenants/${tenant}/keys`)).status).toBe(404);
  expect((await enter(open.body["url"])).answer.status).toBe(401);
  const listed = await operator("GET", `/v1/tenants/${tenant}/invitations`);
  expect(listed.body["data"]).toMatchObject([{ state: "revoked", made_by: `person:${admin.person}` }]);
  expect(listed.text).not.toMatch(/url|code=/);
});

test("an invitation is no way into the account of a person that there is", async () => {
  const tenant = await newTenant(operator);
  const boss = newEmail();
  const { body } = await operator("POST", "/v1/people", { email: boss, name: "Boss", operator: true });
  const admin = await inTenant(tenant, "admin");
  const made = await admin.call("POST", `/v1/tenants/${tenant}/invitations`, { ...invitation("viewer"), email: boss });
  expect(made.status).toBe(201);
  const stolen = await enter(made.body["url"]);
  expect(stolen.answer.body).toMatchObject({ code: "forbidden", details: { reason: "sign_in_first" } });
  expect(stolen.state.cookie).toBeNull();
  // The person accepts it from the inside.
  const inside = await enter((body["link"] as { url: string }).url);
  const accepted = await enter(made.body["url"], inside);
  expect(accepted.answer.body).toMatchObject({ person: { email: boss }, memberships: [{ tenant, role: "viewer" }] });
});

test("an admin makes a link for whom they control alone, and for nobody who is more elsewhere", async () => {
  const tenant = await newTenant(operator);
  const other = await newTenant(operator);
  const admin = await inTenant(tenant, "admin");
  const link = (person: string) => admin.call("POST", `/v1/tenants/${tenant}/members/${person}/links`);
  const member = await inTenant(tenant, "member");
  const made = await link(member.person);
  expect(made.status).toBe(201);
  expect((await enter(made.body["url"])).answer.body).toMatchObject({ person: { id: member.person } });
  const elsewhere = await signedIn({
    places: [
      { tenant, role: "viewer" },
      { tenant: other, role: "viewer" },
    ],
  });
  const operators = await signedIn({ operator: true, places: [{ tenant, role: "viewer" }] });
  const owner = await inTenant(tenant, "owner");
  const answers = await Promise.all([elsewhere, operators, owner, admin].map(({ person }) => link(person)));
  expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect((await link("0000000000000000")).status).toBe(404);
  expect((await admin.call("POST", `/v1/people/${member.person}/links`)).status).toBe(403);
});

test("a place that is there is not invited anew, and an open invitation does not change it", async () => {
  const tenant = await newTenant(operator);
  const at = `/v1/tenants/${tenant}/invitations`;
  const asked = invitation("viewer");
  const [first, second] = [await operator("POST", at, asked), await operator("POST", at, { ...asked, role: "owner" })];
  const inside = await enter(first.body["url"]);
  expect((await operator("POST", at, { ...asked, email: asked.email.toUpperCase() })).status).toBe(409);
  expect((await enter(second.body["url"], inside)).answer.body).toMatchObject({ memberships: [{ role: "viewer" }] });
});

test("viewers read the members, members their team, page by page", async () => {
  const tenant = await newTenant(operator);
  const viewer = await inTenant(tenant, "viewer");
  const member = await inTenant(tenant, "member", "trailer");
  const other = await inTenant(tenant, "member", "posters");
  const at = `/v1/tenants/${tenant}/members`;
  const first = await viewer.call("GET", `${at}?limit=2`);
  const rest = await viewer.call("GET", `${at}?limit=2&cursor=${String(first.body["next_cursor"])}`);
  expect([first, rest].flatMap(({ body }) => body["data"] as object[])).toHaveLength(3);
  expect(rest.body["next_cursor"]).toBeNull();
  expect((await member.call("GET", at)).body["data"]).toMatchObject([{ id: member.person, team: "trailer" }]);
  expect((await viewer.call("GET", `${at}/${member.person}`)).body).toMatchObject({
    id: member.person,
    team: "trailer",
  });
  expect((await member.call("GET", `${at}/${member.person}`)).status).toBe(200);
  const [unseen, nobody] = [
    await member.call("GET", `${at}/${other.person}`),
    await member.call("GET", `${at}/${"f".repeat(16)}`),
  ];
  expect([unseen.status, unseen.text.replace(other.person, "f".repeat(16))]).toEqual([404, nobody.text]);
  expect((await viewer.call("DELETE", `${at}/${member.person}`)).status).toBe(403);
});

test("teams are those that people described and those that keys name", async () => {
  const tenant = await newTenant(operator);
  const at = `/v1/tenants/${tenant}/teams`;
  const admin = await inTenant(tenant, "admin");
  await operator("POST", `/v1/tenants/${tenant}/keys`, { name: "a", team: "posters" });
  const put = await admin.call("PUT", `${at}/trailer%20crew`, { description: "They cut" });
  expect(put.body).toMatchObject({ name: "trailer crew", description: "They cut", keys: 0 });
  const listed = async (call: Call) =>
    ((await call("GET", at)).body["data"] as { name: string }[]).map(({ name }) => name);
  expect(await listed(admin.call)).toEqual(["posters", "trailer crew"]);
  expect((await admin.call("GET", `${at}/posters`)).body).toMatchObject({ description: null, keys: 1 });
  expect(await listed((await inTenant(tenant, "member", "posters")).call)).toEqual(["posters"]);
  expect((await (await inTenant(tenant, "viewer")).call("PUT", `${at}/x`, {})).status).toBe(403);
  expect((await admin.call("PUT", `${at}/a=b`, {})).status).toBe(400);
  expect((await admin.call("DELETE", `${at}/trailer%20crew`)).status).toBe(204);
  expect((await admin.call("DELETE", `${at}/posters`)).status).toBe(404);
});

test("the last operator who can sign in stays, also when two disable each other; who is disabled is out", async () => {
  await control.prepare("UPDATE people SET disabled_at = 1 WHERE operator = 1").run();
  const [one, two] = await Promise.all([signedIn({ operator: true }), signedIn({ operator: true })]);
  const answers = await Promise.all([
    one.call("PATCH", `/v1/people/${two.person}`, { disabled: true }),
    two.call("PATCH", `/v1/people/${one.person}`, { operator: false }),
  ]);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  const [last, out] = answers[0]?.status === 200 ? [one, two] : [two, one];
  expect((await out.call("GET", "/v1/people")).status).toBe(answers[0]?.status === 200 ? 401 : 403);
  for (const change of [{ disabled: true }, { operator: false }, { operator: false, disabled: false }]) {
    expect((await operator("PATCH", `/v1/people/${last.person}`, change)).status).toBe(409);
  }
  expect((await operator("PATCH", `/v1/people/${last.person}`, { name: "Renamed" })).body["name"]).toBe("Renamed");
  expect((await operator("PATCH", `/v1/people/${out.person}`, { disabled: false })).body["disabled_at"]).toBeNull();
  expect((await operator("PATCH", "/v1/people/0000000000000000", { name: "x" })).status).toBe(404);
});

test("people are the operators' to list, add and change", async () => {
  const email = newEmail();
  const made = await operator("POST", "/v1/people", { email, name: "Ada" });
  expect(made.body).toMatchObject({ email, operator: false, disabled_at: null });
  expect((await operator("POST", "/v1/people", { email, name: "Ada" })).status).toBe(409);
  const page = await operator("GET", "/v1/people?limit=1");
  expect(page.body["data"]).toHaveLength(1);
  expect(page.body["next_cursor"]).not.toBeNull();
  const owner = await inTenant(await newTenant(operator), "owner");
  expect((await owner.call("GET", "/v1/people")).status).toBe(403);
  expect((await owner.call("POST", "/v1/people", { email: newEmail(), name: "x" })).status).toBe(403);
  expect((await owner.call("PATCH", `/v1/people/${owner.person}`, { operator: true })).status).toBe(403);
});
