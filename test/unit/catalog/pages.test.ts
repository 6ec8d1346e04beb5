import { describe, expect, it } from "vitest";
import { findModel, listModels, requestSchema } from "../../../src/catalog/index.ts";
import { jobCostMicros } from "../../../src/money/index.ts";

/** WaveSpeed's parameter tables, row by row: name, type, required, default, range, longest text. */
type Row = [
  name: string,
  type: string,
  required: boolean,
  fallback: unknown,
  range: unknown,
  longest?: number | undefined,
];

const guidance: Row = ["guidance_scale", "number", false, 0.5, [0, 1]];
const textDuration: Row = ["duration", "string", false, "5", ["5", "10"]];
const wholeDuration: Row = ["duration", "integer", false, 5, [5, 10]];
const aspect: Row = ["aspect_ratio", "string", false, "16:9", ["16:9", "9:16", "1:1"]];
const prompt = (longest?: number): Row => ["prompt", "string", true, undefined, undefined, longest];
const negative = (longest?: number): Row => ["negative_prompt", "string", false, undefined, undefined, longest];
const image = (name: string, required: boolean): Row => [name, "string", required, undefined, undefined];

const PAGES: Record<string, Row[]> = {
  "kwaivgi/kling-v2.0-i2v-master": [
    image("image", true),
    image("end_image", false),
    prompt(2500),
    negative(2500),
    guidance,
    textDuration,
  ],
  "kwaivgi/kling-v2.0-t2v-master": [prompt(2500), aspect, negative(), wholeDuration],
  "kwaivgi/kling-v2.1-i2v-pro": [prompt(2500), negative(2500), image("image", true), guidance, textDuration],
  "kwaivgi/kling-v2.1-i2v-master": [prompt(2500), negative(), image("image", true), guidance, wholeDuration],
  "kwaivgi/kling-v2.1-i2v-standard": [prompt(), negative(), image("image", true), guidance, wholeDuration],
};

describe.each(Object.entries(PAGES))("%s", (id, rows) => {
  const schema = requestSchema(model(id));

  it("has the page's fields, in the page's order, and no others", () => {
    const names = rows.map(([name]) => name);
    expect(schema["x-order-properties"]).toEqual(names);
    expect(Object.keys(schema.properties)).toEqual(names);
    expect(schema.additionalProperties).toBe(false);
  });

  it("requires what the page requires", () => {
    expect(schema.required).toEqual(rows.filter(([, , required]) => required).map(([name]) => name));
  });

  it.each(rows)("%s is as its row says", (name, type, _required, fallback, range, longest) => {
    const property = schema.properties[name];
    expect(property?.["type"]).toBe(type);
    expect(property?.["default"]).toEqual(fallback);
    expect(property?.["maxLength"]).toBe(longest);
    const stated = type === "number" ? [property?.["minimum"], property?.["maximum"]] : property?.["enum"];
    expect(stated).toEqual(range);
  });
});

it("an aspect ratio of images is limited on one page, for the first frame only", () => {
  const limited = listModels().flatMap(({ id, fields }) =>
    Object.entries(fields).flatMap(([name, spec]) =>
      spec.kind === "image" && spec.image.aspectRatioMax !== undefined
        ? [`${id} ${name} ${spec.image.aspectRatioMax}`]
        : [],
    ),
  );
  expect(limited).toEqual(["kwaivgi/kling-v2.0-i2v-master image 2.5"]);
});

it.each([
  ["kwaivgi/kling-v2.0-t2v-master", 1_300_000, 2_600_000, true],
  ["kwaivgi/kling-v2.1-i2v-master", 1_300_000, 2_600_000, true],
  ["kwaivgi/kling-v2.1-i2v-pro", 450_000, 900_000, true],
  ["kwaivgi/kling-v2.0-i2v-master", 1_300_000, 2_600_000, false],
  ["kwaivgi/kling-v2.1-i2v-standard", 250_000, 500_000, false],
  ["kwaivgi/kling-v2.1-t2v-master", 1_300_000, 2_600_000, false],
  ["kwaivgi/kling-v2.1-i2v-pro/start-end-frame", 450_000, 900_000, false],
])("%s costs %d for 5 s, %d for 10 s, confirmed: %s", (id, five, ten, confirmed) => {
  const { cost } = model(id);
  if (cost === null) throw new Error(`${id} is unpriced`);
  expect([jobCostMicros(cost, 5), jobCostMicros(cost, 10), cost.confirmed]).toEqual([five, ten, confirmed]);
});

describe("every entry of the catalogue is whole", () => {
  it.each(listModels().map((entry) => [entry.id, entry] as const))("%s", (id, entry) => {
    expect(findModel(id)).toBe(entry);
    expect(id).toMatch(/^[a-z0-9.-]+(\/[a-z0-9.-]+){1,2}$/);
    expect(entry.source).toMatch(/^https:\/\/wavespeed\.ai\/docs\//);
    // A price per second needs seconds: without a duration field a job would have no price.
    const durations = Object.values(entry.fields).filter((spec) => spec.kind === "duration");
    if (entry.cost?.unit === "second") expect(durations).toHaveLength(1);
    for (const spec of Object.values(entry.fields)) {
      if (spec.kind === "choice") expect(spec.choices).toContain(spec.default);
      if (spec.kind === "duration") expect(spec.choices).toContain(spec.default);
    }
  });

  it("names no model twice, and finds none that is not there", () => {
    expect(new Set(listModels().map(({ id }) => id)).size).toBe(7);
    for (const id of ["", "kwaivgi", "constructor", "__proto__", "kwaivgi/kling-v2.1-i2v-pro/"]) {
      expect(findModel(id)).toBeUndefined();
    }
  });
});

function model(id: string): NonNullable<ReturnType<typeof findModel>> {
  const found = findModel(id);
  if (found === undefined) throw new Error(`no model ${id}`);
  return found;
}
