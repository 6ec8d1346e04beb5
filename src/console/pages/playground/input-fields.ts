/** A field of a model's form, as its JSON schema describes it. */
export interface InputField {
  name: string;
  label: string;
  hint: string;
  required: boolean;
  /** What the person gets: a line, a page of text, a number, a choice, yes or no, or JSON. */
  kind: "line" | "text" | "number" | "choice" | "switch" | "json";
  /** As the form has it. */
  initial: string;
  choices: readonly string[];
  /** Whole numbers only. */
  isWhole: boolean;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Forms with more fields than this are nobody's; models of the list are bounded likewise. */
const FIELDS_MAX = 60;

/** A form out of a schema: in the order that the model's page has, or as the fields are listed. */
export function inputFields(schema: Record<string, unknown>): InputField[] {
  const properties = isRecord(schema["properties"]) ? schema["properties"] : {};
  const required = new Set(Array.isArray(schema["required"]) ? schema["required"] : []);
  const order = Array.isArray(schema["x-order-properties"]) ? schema["x-order-properties"].map(String) : [];
  const names = [...order.filter((name) => name in properties), ...Object.keys(properties)];
  return [...new Set(names)].slice(0, FIELDS_MAX).map((name) => {
    const property = isRecord(properties[name]) ? properties[name] : {};
    return { name, label: labelOf(name), required: required.has(name), ...facts(name, property) };
  });
}

type Facts = Pick<InputField, "hint" | "kind" | "initial" | "choices" | "isWhole">;

function facts(name: string, property: Record<string, unknown>): Facts {
  const type = property["type"];
  const choices = Array.isArray(property["enum"]) ? property["enum"].map(String) : [];
  const preset = property["default"];
  const shared = { hint: text(property["description"]), choices, isWhole: type === "integer" };
  const initial =
    preset === undefined || preset === null ? "" : isPlain(preset) ? String(preset) : JSON.stringify(preset);
  return { ...shared, initial, kind: kindOf(name, type, choices) };
}

const isPlain = (value: unknown): boolean => typeof value !== "object";

function kindOf(name: string, type: unknown, choices: readonly string[]): InputField["kind"] {
  if (choices.length > 0) return "choice";
  if (type === "boolean") return "switch";
  if (type === "number" || type === "integer") return "number";
  if (type === "string") return name.includes("prompt") ? "text" : "line";
  return "json";
}

const labelOf = (name: string): string => {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/**
 * The input that a form's values make. What was left empty is not sent, so that the model's own default holds; what is no number or
 * no JSON is sent as it was typed, for the API to name it.
 */
export function readInput(
  fields: readonly InputField[],
  values: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const entries = fields.flatMap((field): [string, unknown][] => {
    const value = values[`input.${field.name}`];
    if (field.kind === "switch") return [[field.name, value === "true"]];
    if (value === undefined || value.trim() === "") return [];
    return [[field.name, typed(field, value)]];
  });
  return Object.fromEntries(entries);
}

function typed({ kind, isWhole }: InputField, value: string): unknown {
  if (kind === "number" || (kind === "choice" && isWhole)) {
    const number = Number(value);
    return Number.isFinite(number) ? number : value;
  }
  if (kind !== "json") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
