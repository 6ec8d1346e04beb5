import { shorten } from "./show-value.ts";
import type { Json } from "./types.ts";

const CHOICES_SHOWN_MAX = 20;
const RULE_CHARS_MAX = 400;

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  null: "null",
};

/** What a keyword of a schema asks for, in words: ("minimum", 1) is "must be at least 1". */
export function schemaRule(keyword: string, asked: Json | undefined): string {
  const rule = RULES[keyword];
  return rule && asked !== undefined
    ? rule(asked).slice(0, RULE_CHARS_MAX)
    : `must fit what the model's schema says (${keyword})`;
}

const RULES: Readonly<Record<string, (asked: Json) => string>> = {
  type: (asked) => `must be ${listed(manyOf(asked).map((type) => TYPE_NAMES[String(type)] ?? String(type)))}`,
  enum: (asked) => `must be ${choices(manyOf(asked))}`,
  const: (asked) => `must be ${shown(asked)}`,
  minimum: (asked) => `must be at least ${shown(asked)}`,
  maximum: (asked) => `must be at most ${shown(asked)}`,
  exclusiveMinimum: (asked) => `must be above ${shown(asked)}`,
  exclusiveMaximum: (asked) => `must be below ${shown(asked)}`,
  multipleOf: (asked) => `must be a multiple of ${shown(asked)}`,
  minLength: (asked) => `must have at least ${shown(asked)} characters`,
  maxLength: (asked) => `must have at most ${shown(asked)} characters`,
  minItems: (asked) => `must have at least ${shown(asked)} entries`,
  maxItems: (asked) => `must have at most ${shown(asked)} entries`,
  uniqueItems: () => "must not hold the same entry twice",
  minProperties: (asked) => `must have at least ${shown(asked)} fields`,
  maxProperties: (asked) => `must have at most ${shown(asked)} fields`,
  dependentRequired: (asked) => `must come with what it needs: ${JSON.stringify(asked)}`,
  contains: () => "must hold an entry that the model's schema asks for",
  anyOf: (asked) => alternatives(manyOf(asked), "one"),
  oneOf: (asked) => alternatives(manyOf(asked), "exactly one"),
  not: () => "must not be what the model's schema excludes",
};

/** Alternatives that only name fields are told by these. */
function alternatives(ways: readonly Json[], which: string): string {
  const needed = ways.map(requiredOnly);
  if (needed.every((names) => names !== null))
    return `must have ${which} of ${needed.map((names) => names?.join(" with ")).join(", ")}`;
  return `must fit ${which} of the ${ways.length} forms of the model's schema`;
}

function requiredOnly(way: Json): readonly string[] | null {
  if (typeof way !== "object" || way === null || Array.isArray(way)) return null;
  const { required } = way as { required?: Json };
  return Object.keys(way).length === 1 && Array.isArray(required) ? required.map(String) : null;
}

const manyOf = (asked: Json): readonly Json[] => (Array.isArray(asked) ? (asked as readonly Json[]) : [asked]);

const shown = (value: Json): string => shorten(JSON.stringify(value));

function choices(all: readonly Json[]): string {
  if (all.length <= CHOICES_SHOWN_MAX) return listed(all.map(shown));
  return `one of ${all.length} choices, such as ${all.slice(0, CHOICES_SHOWN_MAX).map(shown).join(", ")}`;
}

/** "5 or 10"; "a, b or c". */
const listed = (items: readonly string[]): string =>
  items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} or ${items.at(-1)}`;
