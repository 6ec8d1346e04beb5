import { expect, it } from "vitest";
import { parseAccounts } from "../../../src/accounts/account-settings.ts";
import { chooseAccounts } from "../../../src/accounts/choose-accounts.ts";

const BASE = "https://api.wavespeed.test";
const read = (list: unknown): unknown => parseAccounts(JSON.stringify(list), BASE);

it("reads accounts, with what is usual where nothing is said", () => {
  expect(read([{ name: "live", api_key: "k1" }])).toEqual([
    {
      name: "live",
      baseUrl: BASE,
      apiKey: "k1",
      weight: 1,
      videosPerMinute: null,
      concurrentTasks: null,
      webhookSecret: null,
    },
  ]);
});

it.each([
  ["not JSON", "{", "must be a JSON list"],
  ["no list", JSON.stringify({}), "expected array"],
  ["empty", "[]", "expected array to have >=1"],
  [
    "twice the same name",
    JSON.stringify([
      { name: "a", api_key: "k" },
      { name: "a", api_key: "l" },
    ]),
    "each name once",
  ],
  ["a reserved name", JSON.stringify([{ name: "sandbox", api_key: "k" }]), "may not be called sandbox"],
  ["a wrong name", JSON.stringify([{ name: "A b", api_key: "k" }]), "0.name: must be 1 to 32"],
  ["no key", JSON.stringify([{ name: "a" }]), "0.api_key"],
  ["a field that nobody knows", JSON.stringify([{ name: "a", api_key: "k", limit: 2 }]), "Unrecognized key"],
  ["a wrong limit", JSON.stringify([{ name: "a", api_key: "k", concurrent_tasks: 0 }]), "0.concurrent_tasks"],
])("refuses %s by name, without showing a key", (_name, text, message) => {
  const secret = text.replaceAll('"k"', '"very-secret"');
  expect(() => parseAccounts(secret, BASE)).toThrow(`WAVESPEED_ACCOUNTS: `);
  expect(() => parseAccounts(secret, BASE)).toThrow(message);
  expect(() => parseAccounts(secret, BASE)).not.toThrow("very-secret");
});

it("offers a job to the accounts by weight, to those of weight 0 last, and to no other", () => {
  const accounts = [
    { name: "a", weight: 3 },
    { name: "b", weight: 1 },
    { name: "spare", weight: 0 },
    { name: "broken", weight: 9 },
  ];
  const firsts = Array.from({ length: 400 }, (_, index) => {
    const order = chooseAccounts(
      accounts,
      (name) => name !== "broken",
      () => index / 400,
    );
    expect(order.toSorted()).toEqual(["a", "b", "spare"]);
    expect(order.at(-1)).toBe("spare");
    return order[0];
  });
  expect(firsts.filter((name) => name === "a")).toHaveLength(300);
  expect(
    chooseAccounts(
      accounts,
      () => false,
      () => 0.5,
    ),
  ).toEqual([]);
});
