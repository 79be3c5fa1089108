// npm run soak: an hour of the app's time in ten minutes (--minutes N: in another number), beside somebody else and a guest that
// misbehaves. A line each minute and a half; the last one is `flat` or `grows: WHAT`. Measured where Linux counts it.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { prepare, root } from './setup.mjs';

prepare();
const { engineEnvironment } = await import('./engine.mjs');
const { bundle, load } = await import('./bundle.mjs');

if (process.platform !== 'linux') {
  console.log('Not measured: it reads what Linux counts of a process.');
  process.exit(0);
}
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });
const engine = await engineEnvironment();
Object.assign(process.env, engine);
const child = await bundle(path.join(root, 'tests', 'soak', 'child.ts'));
const { run } = await load(path.join(root, 'tests', 'soak', 'soak.ts'));
const grows = await run({ child, hasEngine: 'HYPERNEST_ENGINE' in engine, minutes: Number(values.minutes) });
console.log(grows.length === 0 ? 'flat' : `grows: ${grows.join('; ')}`);
process.exit(grows.length === 0 ? 0 : 1);
