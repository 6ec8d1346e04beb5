import type { Refusal } from "../errors/catalogue.ts";
import {
  ENABLED_MODELS_MAX,
  ENABLED_SCHEMA_CHARS_MAX,
  loadOfEnabled,
  planEnabling,
  readCatalogueModel,
  readVersions,
  writeEnabledModel,
} from "../settings/index.ts";
import type { Services } from "./services.ts";

/**
 * Enables a model of WaveSpeed's list: freezes its input schema and, unless an operator has set a price, the list's
 * price as a version of its rate. The same again takes over what the list says now. Null: it is enabled.
 */
export async function enableModel(services: Services, id: string, actor: string): Promise<Refusal | null> {
  const { control, settingsLeadMs } = services;
  const listed = await readCatalogueModel(control, id);
  if (!listed) return { code: "unknown_model", message: `model ${id} is not in WaveSpeed's list` };
  const now = services.now();
  const planned = planEnabling(listed, await readVersions(control, id), now, settingsLeadMs);
  if (!planned.ok) return planned.error;
  const { schema, rate } = planned.value;
  const inputSchema = JSON.stringify(schema);
  const others = await loadOfEnabled(control, id);
  if (others.models >= ENABLED_MODELS_MAX || others.chars + inputSchema.length > ENABLED_SCHEMA_CHARS_MAX) {
    const most = `${ENABLED_MODELS_MAX} models of WaveSpeed's list, with ${ENABLED_SCHEMA_CHARS_MAX} characters of schemas`;
    return { code: "conflict", message: `a gateway enables at most ${most}: switch one off first` };
  }
  const { type, description, schemaHash } = listed;
  const row = { model: id, type, description, inputSchema, schemaHash, actor, enabledAt: now };
  const written = await writeEnabledModel(control, row, rate);
  return written ? null : { code: "conflict", message: `another price of ${id} was set at the same moment` };
}
