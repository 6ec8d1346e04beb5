import { expect, test } from "vitest";
import { LabelField, NameField } from "../../../src/management/fields.ts";
import { describeApi } from "../../../src/management/index.ts";

test.each(["a\nb", "a\u0000b", "a\u0007", "in\u202egnp.exe", "a\u2066b", "a\u2028b"])(
  "a name is one line that reads as it is: %j",
  (name) => {
    expect(NameField.safeParse(name).error?.issues[0]?.message).toBe("must be one line, without control characters");
  },
);

test.each(["Ünïcode & Söhne 🎬", "<b>", "שלום", "👩‍👩‍👧", "  trimmed  "])("any other name is a name: %j", (name) => {
  expect(NameField.parse(name)).toBe(name.trim());
});

test("each pattern of the API's description is a regular expression alone, and fits what its field takes", () => {
  const patterns = [...JSON.stringify(describeApi()).matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)];
  const texts = new Set(patterns.map(([, text]) => JSON.parse(text ?? '""') as string));
  for (const text of texts) expect(text, text).toMatch(/\$$/);
  const team = [...texts].find((text) => text.includes("\\p{L}")) ?? "";
  expect(LabelField.parse("Überblick ä 7")).toMatch(new RegExp(team, "u"));
});
