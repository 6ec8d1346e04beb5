import { beforeAll, expect, test } from "vitest";
import { FRESH_MS } from "../../../src/people/index.ts";
import { control } from "../management/api.ts";
import { signedIn } from "../management/signed-in.ts";
import { browserOf, ESCAPED, HOSTILE } from "./browse.ts";
import { newPlace, type Place } from "./place.ts";

let place: Place;
beforeAll(async () => {
  place = await newPlace();
});

const plant = (person: string) =>
  control
    .prepare("INSERT INTO passkeys VALUES (?1, ?2, 'x', 0, '[]', ?3, 0, NULL, '198.51.100.7', ?3)")
    .bind(`key-of-${person}`, person, HOSTILE)
    .run();

const keysOf = (person: string) =>
  control.prepare("SELECT count(*) AS n FROM passkeys WHERE person = ?").bind(person).first<number>("n");

const member = () => signedIn({ places: [{ tenant: place.tenant, role: "member" }] });

test("somebody sees where their passkeys come from, and changes them just after signing in", async () => {
  const mia = await member();
  await plant(mia.person);
  const browser = browserOf(mia);
  const fresh = await browser.see("/console/me");
  expect(fresh.html).toContain(ESCAPED);
  expect(fresh.html).toContain("198.51.100.7");
  expect(fresh.html).not.toContain(HOSTILE);
  expect(fresh.html).toMatch(/id="passkey-add"/);
  await control.prepare("UPDATE sessions SET created_at = created_at - ?1").bind(FRESH_MS).run();
  const { html } = await browser.see("/console/me");
  expect(html).not.toMatch(/id="passkey-add"|passkeys\/key-of[^"]*\/delete|name="passkeys"/);
  expect(html).toContain('href="/console/sign-in?next=%2Fconsole%2Fme"');
  const deleted = await browser.send(`/console/me/passkeys/key-of-${mia.person}/delete`, {});
  expect([deleted.status, deleted.html.includes("sign in again first")]).toEqual([403, true]);
});

test("signing out everywhere else keeps this browser, and takes the passkeys if told to", async () => {
  const mia = await member();
  await plant(mia.person);
  const browser = browserOf(mia);
  const at = "/console/me/sign-out-everywhere";
  const done = await browser.send(at, {});
  expect([done.status, done.location]).toEqual([303, "/console/me?done=signed_out"]);
  expect(await keysOf(mia.person)).toBe(1);
  await browser.send(at, { passkeys: "yes" });
  expect(await keysOf(mia.person)).toBe(0);
  expect((await browser.see("/console/me?done=signed_out")).html).toContain("Signed out everywhere");
});

test("operators and those whose member it is see how somebody comes in, and end all of it", async () => {
  const ways = [
    (id: string) => ({ who: place.asOperator, page: `/console/people/${id}` }),
    (id: string) => ({ who: place.owner, page: place.page(`members/${id}`) }),
  ];
  for (const way of ways) {
    const mia = await member();
    await plant(mia.person);
    const { who, page } = way(mia.person);
    const { status, html } = await who.see(page);
    expect([status, html.includes(ESCAPED), html.includes("198.51.100.7"), html.includes(HOSTILE)]).toEqual([
      200,
      true,
      true,
      false,
    ]);
    for (const other of [place.viewer, place.stranger]) {
      expect((await other.see(page)).status).toBeGreaterThanOrEqual(403);
      expect((await other.send(`${page}/sign-out`, { passkeys: "yes" })).status).toBeGreaterThanOrEqual(403);
    }
    expect(await keysOf(mia.person)).toBe(1);
    expect((await who.send(`${page}/sign-out`, { passkeys: "yes" })).location).toBe(`${page}?done=signed_out`);
    expect(await keysOf(mia.person)).toBe(0);
    expect((await browserOf(mia).see("/console/me")).status).toBe(303);
  }
  expect((await place.asOperator.see(`/console/people/${"f".repeat(16)}`)).status).toBe(404);
  expect((await place.owner.see(place.page(`members/${"f".repeat(16)}`))).status).toBe(404);
});

test("the lists lead to each of them", async () => {
  const mia = await member();
  expect((await place.owner.see(place.page("members"))).html).toContain(
    `href="${place.page(`members/${mia.person}`)}"`,
  );
  expect((await place.asOperator.see("/console/people")).html).toMatch(/href="\/console\/people\/[0-9a-f]{16}"/);
});

test("operators see who was refused to sign in, and nobody else does", async () => {
  await control
    .prepare("INSERT INTO refused_sign_ins VALUES (3600000, '203.0.113.77', 'link', 'sign_in_first', 12, 3600001)")
    .run();
  expect((await place.asOperator.see("/console/people")).html).toContain('href="/console/people/refused-sign-ins"');
  const { status, html } = await place.asOperator.see("/console/people/refused-sign-ins");
  expect([status, html.includes("203.0.113.77"), html.includes("must sign in first")]).toEqual([200, true, true]);
  expect((await place.owner.see("/console/people/refused-sign-ins")).status).toBe(403);
});
