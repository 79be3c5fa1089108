/** simulator/facts is what tools/prune-facts.mjs takes out of tools/facts: a fact that was written by hand does not pass for one. */
import fs from 'node:fs';
import { expect, test } from 'vitest';

type Facts = Readonly<Record<string, unknown>>;
const read = (file: string): Facts => JSON.parse(fs.readFileSync(file, 'utf8')) as Facts;

test.each([
  ['cmdlets.json', 'cmdlets'],
  ['objects.json', 'objects'],
])('%s holds what its source says', (file, list) => {
  const own = read(`simulator/facts/${file}`)[list] as Facts;
  const source = read(`tools/facts/${file}`)[list] as Facts;
  const known = Object.keys(own).filter((name) => name in source);
  expect(known.length).toBeGreaterThan(15);
  for (const name of known) expect(own[name], name).toEqual(source[name]);
});
