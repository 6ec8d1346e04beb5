import { beforeAll, expect, test } from "vitest";
import { callerWith } from "../management/api.ts";
import { ESCAPED, HOSTILE } from "./browse.ts";
import { newPlace, type Place } from "./place.ts";

const PATH = "/console/operator-keys";

let place: Place;
beforeAll(async () => {
  place = await newPlace();
});

test("an operator's key is made, shown once, works, and is revoked", async () => {
  const { asOperator } = place;
  const made = await asOperator.send(PATH, { name: HOSTILE });
  const key = /value="(wg_mgmt_[^"]+)"/.exec(made.html)?.[1] ?? "";
  expect((await callerWith(key)("GET", "/v1/accounts")).status).toBe(200);
  const list = await asOperator.see(PATH);
  expect([list.html.includes(ESCAPED), list.html.includes(HOSTILE), list.html.includes(key)]).toEqual([
    true,
    false,
    false,
  ]);
  const { body } = await place.operator("GET", "/v1/management-keys?limit=100");
  const { id } = (body["data"] as { id: string; name: string }[]).find(({ name }) => name === HOSTILE) ?? { id: "" };
  expect((await asOperator.send(`${PATH}/${id}/revoke`, {})).location).toBe(`${PATH}?done=ended`);
  expect((await callerWith(key)("GET", "/v1/accounts")).status).toBe(401);
});

test("what is wrong about a name is told beside it", async () => {
  const wrong = await place.asOperator.send(PATH, { name: "" });
  expect([wrong.status, wrong.html.includes('id="name-wrong"')]).toEqual([400, true]);
});

test("they are the operators' alone", async () => {
  for (const who of [place.owner, place.viewer]) {
    expect((await who.see(PATH)).status).toBe(403);
    expect((await who.send(PATH, { name: "mine" })).status).toBe(403);
  }
});
