import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { checkWebhookUrl } from "../webhooks/url-rule.ts";
import type { WebhookDeskApi } from "../webhooks/types.ts";
import { knownTenant } from "./known-tenant.ts";
import { invalidFields } from "./problem.ts";
import type { Services } from "./services.ts";

/** The desk of a registered tenant: calling that of another id would create it. */
export async function knownDesk(services: Services, tenant: string): Promise<Result<WebhookDeskApi, Refusal>> {
  const known = await knownTenant(services, tenant);
  return known.ok ? ok(services.desk(tenant)) : known;
}

const VALUE_CHARS_MAX = 100;

/** The URL as it will be called. */
export function webhookUrl(services: Services, url: string): Result<string, Refusal> {
  const checked = checkWebhookUrl(url, { allowLoopback: services.webhookAllowLoopback });
  if (checked.ok) return checked;
  return err(invalidFields([{ field: "url", rule: checked.error, value: url.slice(0, VALUE_CHARS_MAX) }]));
}
