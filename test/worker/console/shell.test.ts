import { beforeAll, expect, test } from "vitest";
import { browse, post } from "./browse.ts";
import { signedIn, type SignedIn } from "../management/signed-in.ts";

let operator: SignedIn;

beforeAll(async () => {
  operator = await signedIn({ operator: true });
});

test("who is not signed in is sent to sign in, and then back", async () => {
  const answer = await browse("/console/me");
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/console/sign-in?next=%2Fconsole%2Fme"]);
  const filtered = "/console/t/0123456789ab/jobs?status=failed&team=%C3%9Cber+7";
  const sent = await browse(filtered);
  const page = await browse(sent.headers.get("location") ?? "");
  expect(await page.text()).toContain(`data-next="${filtered.replace("&", "&amp;")}"`);
});

test("nothing but the console's own files runs on a page", async () => {
  const page = await browse("/console/sign-in");
  expect(page.status).toBe(200);
  const policy = page.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|\*(?!;|$| |:)/);
  const html = await page.text();
  expect(html).not.toMatch(/<script(?![^>]*src=)|<style|\sstyle=|\son[a-z]+=/);
  for (const [, path] of html.matchAll(/(?:src|href)="(\/console\/assets\/[^"]+)"/g)) {
    const file = await browse(path ?? "");
    expect([path, file.status, file.headers.get("cache-control")]).toEqual([
      path,
      200,
      "public, max-age=31536000, immutable",
    ]);
  }
});

test("a way back leads nowhere but into the console", async () => {
  for (const next of [
    "https://evil.test",
    "//evil.test",
    "/console//evil.test",
    "/\\evil.test",
    "/v1/tenants",
    "/console/../v1",
  ]) {
    const html = await (await browse(`/console/sign-in?code=x&next=${encodeURIComponent(next)}`)).text();
    expect(html).toContain('name="next" value="/console"');
    expect(html).not.toContain("evil");
  }
});

test("the theme's button leads back to the page it was on, and nowhere else", async () => {
  const { cookie, csrf } = operator;
  const back = async (referer: string) =>
    (await post("/console/theme", { csrf }, { cookie, referer })).headers.get("location");
  expect(await back("http://gateway.test/console/people?limit=1")).toBe("/console/people?limit=1");
  for (const page of ["http://gateway.test//evil.test/x", "http://evil.test/console", "http://gateway.test/v1/x", ""]) {
    expect(await back(page)).toBe("/console");
  }
});

test("a form of another site is refused, signed in or not", async () => {
  const { cookie, csrf } = operator;
  const evil = await post("/console/theme", { csrf }, { cookie, origin: "http://evil.test" });
  expect(evil.status).toBe(403);
  expect((await post("/console/sign-in", { code: "x" }, { origin: "http://evil.test" })).status).toBe(403);
  expect((await post("/console/theme", { csrf }, { cookie })).status).toBe(303);
});

test("where no e-mail is sent, nobody is told that a link is on its way", async () => {
  const html = await (await post("/console/sign-in/link", { email: "mia@example.com" })).text();
  expect(html).toContain("this gateway sends no e-mail");
  expect(html).not.toContain("on its way");
});

test("what is no page is said by a page", async () => {
  const answer = await browse("/console/nothing/here", { headers: { cookie: operator.cookie } });
  expect([answer.status, answer.headers.get("content-type")]).toEqual([404, "text/html; charset=UTF-8"]);
});

test("a page says that it is today's HTML, so that browsers lay it out by the standards", async () => {
  const headers = { cookie: operator.cookie };
  for (const page of [await browse("/console/sign-in"), await browse("/console/me", { headers })]) {
    expect(await page.text()).toMatch(/^<!doctype html><html lang="en"/);
  }
});
