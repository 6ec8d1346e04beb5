import type { FieldIssue } from "../errors/catalogue.ts";

/** Wrong fields that one refusal names; a body may hold any number of unlisted ones. */
export const ISSUES_MAX = 20;

/**
 * One message for people that names every wrong field, what it may be, and what it was:
 * `"duration" must be 5 or 10, was 7; "prompt" is required: ..., was missing`.
 */
export function describeIssues(issues: readonly FieldIssue[]): string {
  const shown = issues.slice(0, ISSUES_MAX);
  const text = shown.map(({ field, rule, value }) => `"${field}" ${rule}, was ${value}`).join("; ");
  return issues.length >= ISSUES_MAX ? `${text}; there may be more` : text;
}
