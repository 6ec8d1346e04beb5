import type { z } from "zod";
import { type Result, err, ok } from "../errors/result.ts";
import { type SubmitFault, submitFaultSchema } from "./fault.ts";

const DIRECTIVE = /\[\[sim:([^\]]*)\]\]/g;

/**
 * Reads `[[sim: name, name=value, group.name=value]]` out of a prompt; several directives add up.
 * Null without one. The error is a sentence that names the directive, the rule and the value.
 */
export function directiveIn(prompt: string): Result<SubmitFault | null, string> {
  const clauses = Array.from(prompt.matchAll(DIRECTIVE), (match) => match[1] ?? "").flatMap((body) => body.split(","));
  const words = clauses.map((clause) => clause.trim()).filter((clause) => clause !== "");
  if (words.length === 0) return ok(null);
  const parsed = submitFaultSchema.safeParse(nested(Object.fromEntries(words.map(settingOf))));
  return parsed.success ? ok(parsed.data) : err(`[[sim: ...]] ${explain(parsed.error)}`);
}

function settingOf(word: string): [string, string | true] {
  const at = word.indexOf("=");
  return at < 0 ? [word, true] : [word.slice(0, at).trim(), word.slice(at + 1).trim()];
}

/** `{"poll.http": 503}` as `{poll: {http: 503}}`. */
export function nested(flat: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const out = new Map<string, unknown>();
  for (const [name, value] of Object.entries(flat)) {
    const at = name.indexOf(".");
    const group = out.get(name.slice(0, at));
    if (at < 0) out.set(name, value);
    else
      out.set(name.slice(0, at), {
        ...(isRecord(group) ? group : {}),
        [name.slice(at + 1)]: value,
      });
  }
  return Object.fromEntries(out);
}

/** One line for a person: each wrong field and the rule it breaks. */
export function explain(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join(".") || "body"}: ${issue.message}`).join("; ");
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
