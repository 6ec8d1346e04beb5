import { expect, test } from "vitest";
import { localDay } from "../../../src/ledger/windows.ts";
import { begunEverywhere, localDaysOf } from "../../../src/reporting/local-days.ts";

const HOUR_MS = 3_600_000;

/** A week's hours with those before and after, in January and in July, from 1970 on. */
const instants = [1970, 1979, 1995, 2011, 2026, 2035].flatMap((year) =>
  [0, 6].flatMap((month) => Array.from({ length: 30 }, (_, i) => Date.UTC(year, month, 1) + i * HOUR_MS + i)),
);

test("an instant bears one of these days, in whichever zone of the world", () => {
  for (const zone of [...Intl.supportedValuesOf("timeZone"), "Etc/GMT+12", "Etc/GMT-14"]) {
    for (const at of instants) {
      const { from, to } = localDaysOf(at, at + 1);
      const day = localDay(at, zone);
      if (day < from || day > to)
        throw new Error(`${new Date(at).toISOString()} is ${day} in ${zone}: not ${from} to ${to}`);
    }
  }
});

test("they are the least, and a day has begun everywhere when none of them is before it", () => {
  const noon = Date.UTC(2026, 3, 30, 12);
  expect(localDaysOf(noon, noon + HOUR_MS)).toEqual({ from: "2026-04-30", to: "2026-05-01" });
  expect(localDaysOf(noon - 1, noon)).toEqual({ from: "2026-04-29", to: "2026-05-01" });
  expect(localDaysOf(noon - 3 * HOUR_MS, noon - 2 * HOUR_MS)).toEqual({ from: "2026-04-29", to: "2026-04-30" });
  expect(begunEverywhere("2026-04-30")).toBe(noon);
});

test("what no calendar has is asked for all the same", () => {
  expect(localDaysOf(0, Number.MAX_SAFE_INTEGER)).toEqual({ from: "1969-12-31", to: "9999-12-31" });
  expect(localDaysOf(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)).toEqual({
    from: "9999-12-31",
    to: "9999-12-31",
  });
});
