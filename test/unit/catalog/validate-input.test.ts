import { describe, expect, it } from "vitest";
import { describeIssues, validateInput } from "../../../src/catalog/index.ts";
import { accepted, EVERY_MODEL, modelOf, PHOTO, refused, requiredBody } from "./given.ts";

describe.each(EVERY_MODEL)("%s", (_id, model) => {
  const body = requiredBody(model);
  const spelling = Object.values(model.fields).find((spec) => spec.kind === "duration")?.spelling;

  it.each([
    [5, 5],
    ["5", 5],
    [10, 10],
    ["10", 10],
    [undefined, 5],
    [null, 5],
  ])("takes duration %j and sends it as the page spells it", (duration, seconds) => {
    const result = validateInput(model, { ...body, duration });
    if (!result.ok) throw new Error(describeIssues(result.error));
    expect(result.value.seconds).toBe(seconds);
    expect(result.value.input["duration"]).toBe(spelling === "string" ? String(seconds) : seconds);
  });

  it.each([7, 0, -5, 5.5, "5 ", " 5", "5.0", "05", "five", "", true, [5], { seconds: 5 }, 15, 1e300])(
    "refuses duration %j, naming what it may be",
    (duration) => {
      const result = validateInput(model, { ...body, duration });
      expect(result.ok ? [] : result.error.map(({ field, rule }) => [field, rule])).toEqual([
        ["duration", "must be 5 or 10 (seconds)"],
      ]);
    },
  );

  it("names every required field that is missing, at once", () => {
    const result = validateInput(model, {});
    expect(result.ok ? [] : result.error.map(({ field }) => field)).toEqual(Object.keys(body).toSorted(byPage));
    for (const issue of result.ok ? [] : result.error) {
      expect(issue.rule).toMatch(/^is required: /);
      expect(issue.value).toBe("missing");
    }
  });

  it("writes defaults in, leaves optional fields out that were not given, drops null", () => {
    const nulls = Object.fromEntries(Object.keys(model.fields).map((name) => [name, null]));
    const result = validateInput(model, { ...nulls, ...body });
    if (!result.ok) throw new Error(describeIssues(result.error));
    const { input } = result.value;
    expect(input).not.toHaveProperty("negative_prompt");
    expect(input["guidance_scale"]).toBe("guidance_scale" in model.fields ? 0.5 : undefined);
    expect(input["aspect_ratio"]).toBe("aspect_ratio" in model.fields ? "16:9" : undefined);
    expect(validateInput(model, body)).toEqual(result);
  });

  it("refuses fields that its page does not list, by name", () => {
    const strange = JSON.parse('{"__proto__": 1, "constructor": 2, "toString": 3, "seed": 4}') as object;
    const result = validateInput(model, { ...body, ...strange, ["__proto__"]: 1 });
    const fields = result.ok ? [] : result.error.map(({ field }) => field);
    expect(fields.toSorted()).toEqual(["__proto__", "constructor", "seed", "toString"]);
    expect(result.ok ? "" : result.error[0]?.rule).toContain(`is not a field of ${model.id}`);
  });

  function byPage(a: string, b: string): number {
    const names = Object.keys(model.fields);
    return names.indexOf(a) - names.indexOf(b);
  }
});

it("refuses another family's fields: an aspect ratio on image-to-video", () => {
  expect(Object.keys(refused("v2.1-i2v-pro", { aspect_ratio: "16:9" }))).toEqual(["aspect_ratio"]);
  expect(Object.keys(refused("v2.0-t2v-master", { image: PHOTO }))).toEqual(["image"]);
  expect(Object.keys(refused("v2.1-i2v-pro", { end_image: PHOTO }))).toEqual(["end_image"]);
});

it.each([undefined, null, [], "text", 5, true])("refuses %j as a body", (body) => {
  const result = validateInput(modelOf("v2.0-t2v-master"), body);
  expect(result.ok ? "" : describeIssues(result.error)).toMatch(/^"body" must be a JSON object, was /);
});

describe("text", () => {
  it.each(["", " ", "\n\t\u3000", 5, true, {}, []])("refuses %j as a prompt", (prompt) => {
    expect(refused("v2.1-i2v-standard", { prompt })).toEqual({
      prompt: "must be a non-empty string",
    });
  });

  it("is counted in characters, not in UTF-16 units, up to the page's limit", () => {
    expect(accepted("v2.1-i2v-pro", { prompt: "🎬".repeat(2500) })["prompt"]).toHaveLength(5000);
    const rule = "must be a non-empty string of at most 2500 characters";
    expect(refused("v2.1-i2v-pro", { prompt: "🎬".repeat(2501) })).toEqual({ prompt: rule });
    expect(refused("v2.1-i2v-pro", { prompt: "a".repeat(2501) })).toEqual({ prompt: rule });
  });

  it("has no limit where the page states none for that field", () => {
    const long = "a".repeat(20_000);
    expect(accepted("v2.1-i2v-standard", { prompt: long, negative_prompt: long })["prompt"]).toBe(long);
    expect(accepted("v2.0-t2v-master", { negative_prompt: long })["negative_prompt"]).toBe(long);
    expect(Object.keys(refused("v2.1-i2v-pro", { negative_prompt: long }))).toEqual(["negative_prompt"]);
  });

  it("is sent as it came", () => {
    expect(accepted("v2.0-t2v-master", { prompt: " a ", negative_prompt: "" })).toMatchObject({
      prompt: " a ",
      negative_prompt: "",
    });
  });
});

describe("guidance_scale", () => {
  it.each([0, 0.5, 1, 0.123456789])("takes %d", (scale) => {
    expect(accepted("v2.1-i2v-pro", { guidance_scale: scale })["guidance_scale"]).toBe(scale);
  });
  it("takes -0 as 0", () => {
    expect(Object.is(accepted("v2.1-i2v-pro", { guidance_scale: -0 })["guidance_scale"], 0)).toBe(true);
  });
  it.each([-0.1, 1.01, "0.5", true, Number.NaN, Number.POSITIVE_INFINITY, "", [0.5]])("refuses %j", (scale) => {
    expect(refused("v2.1-i2v-pro", { guidance_scale: scale })).toEqual({
      guidance_scale: "must be a number from 0 to 1",
    });
  });
});

describe("aspect_ratio", () => {
  it.each(["16:9", "9:16", "1:1"])("takes %s", (ratio) => {
    expect(accepted("v2.0-t2v-master", { aspect_ratio: ratio })["aspect_ratio"]).toBe(ratio);
  });
  it.each(["4:3", "16:9 ", "", 1, ["16:9"]])("refuses %j", (ratio) => {
    expect(refused("v2.0-t2v-master", { aspect_ratio: ratio })).toEqual({
      aspect_ratio: 'must be "16:9", "9:16" or "1:1"',
    });
  });
});

describe("a refusal", () => {
  it("names each wrong field, what it may be and what it was", () => {
    const result = validateInput(modelOf("v2.0-t2v-master"), {
      aspect_ratio: "4:3",
      duration: 7,
      seed: 1,
    });
    expect(result.ok ? "" : describeIssues(result.error)).toBe(
      '"prompt" is required: a non-empty string of at most 2500 characters, was missing; ' +
        '"aspect_ratio" must be "16:9", "9:16" or "1:1", was "4:3"; ' +
        '"duration" must be 5 or 10 (seconds), was 7; ' +
        '"seed" is not a field of kwaivgi/kling-v2.0-t2v-master, which takes prompt, aspect_ratio, ' +
        "negative_prompt, duration, was 1",
    );
  });

  it("stays small, whatever was sent", () => {
    const huge = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, at) => [`${at}`.padEnd(500, "x"), "v".repeat(500)]),
    );
    let deep: unknown = 1;
    for (let at = 0; at < 100_000; at += 1) deep = [deep];
    const uri = `data:image/webp;base64,${"A".repeat(1_000_000)}`;
    const result = validateInput(modelOf("v2.1-i2v-pro"), {
      ...huge,
      prompt: deep,
      image: uri,
      duration: "\u0000".repeat(90),
    });
    const issues = result.ok ? [] : result.error;
    expect(issues).toHaveLength(20);
    expect(issues.slice(0, 3).map(({ field }) => field)).toEqual(["prompt", "image", "duration"]);
    for (const { field, value } of issues) {
      expect(field.length).toBeLessThanOrEqual(100);
      expect(value.length).toBeLessThanOrEqual(100);
    }
    expect(describeIssues(issues)).toMatch(/; there may be more$/);
    expect(issues[1]?.value).toBe("data:image/webp;base64,… (1000023 characters)");
  });
});
