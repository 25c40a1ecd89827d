// Writes a TypeScript program that holds Grafana's own types against a dashboard:
//
//   node grafana_types.js DASHBOARD.json >check.ts
//
// The options of each panel are held against those of its kind. Where Grafana's types want a member of an enumeration, a file has
// its value.
const { readFileSync } = require('fs');

const kinds = { stat: 'stat/panelcfg/x/StatPanelCfg', timeseries: 'timeseries/panelcfg/x/TimeSeriesPanelCfg', table: 'table/panelcfg/x/TablePanelCfg' };
const dashboard = JSON.parse(readFileSync(process.argv[2]));

console.log(`import type { Dashboard } from '@grafana/schema';`);
for (const [kind, path] of Object.entries(kinds)) {
  console.log(`import type * as ${kind} from '@grafana/schema/dist/esm/raw/composable/${path}_types.gen';`);
}
console.log(`
type Plain<T> =
  T extends string ? \`\${T}\` :
  T extends number | boolean | null | undefined ? T :
  T extends (infer E)[] ? Plain<E>[] :
  T extends object ? { [K in keyof T]: Plain<T[K]> } : T;

const dashboard: Plain<Dashboard> = ${JSON.stringify(dashboard, null, 2)};`);

for (const panel of dashboard.panels) {
  if (!kinds[panel.type]) {
    throw new Error(`panel ${panel.id}: nobody knows the kind "${panel.type}"`);
  }
  console.log(`const options_${panel.id}: Plain<Partial<${panel.type}.Options>> = ${JSON.stringify(panel.options)};`);
  if (panel.fieldConfig.defaults.custom) {
    console.log(`const custom_${panel.id}: Plain<Partial<${panel.type}.FieldConfig>> = ${JSON.stringify(panel.fieldConfig.defaults.custom)};`);
  }
}
