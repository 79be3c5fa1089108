import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import { expect, test } from 'vitest';
import { natsMadeIn } from '../../../src/core/run/made-networks.js';
import { chainOf, changeOf, eventsOf, ids, planOf, runOf, stepEvent, stepOf } from '../renderer/fixtures.js';

const nat = { id: 'LabNAT;0', name: 'LabNAT', prefix: '192.168.100.0/24' };

/** Makes a NAT network in the lab VM, or takes it away again. */
function run(what: 'make' | 'remove', minute: number, state: 'done' | 'failed' = 'done') {
  const changes = what === 'remove' ? [changeOf(ids.lab, `made/nat/${nat.id}`, 'there', 'gone')] : [];
  const chain = chainOf([stepOf(ids.lab, 1, 'inside', changes)]);
  const made = what === 'make' ? { made: { what: 'nat', at: vmIn(thisPc, ids.lab), ...nat } } : {};
  const events = eventsOf({ kind: 'started' }, stepEvent(chain, 0, state, made)).map((event) => ({
    ...event,
    time: new Date(Date.parse(event.time) + minute * 60_000).toISOString(),
  }));
  return runOf(planOf([chain]), events, { id: `r${String(minute)}` });
}

test('what a run has made inside is known after a restart of the app, though nobody is signed in there', () => {
  expect(natsMadeIn([run('make', 0)])).toEqual(new Map([[vmIn(thisPc, ids.lab), [nat]]]));
});

test('what was undone, or never was made, is not warned of', () => {
  expect(natsMadeIn([run('remove', 5), run('make', 0)]).get(vmIn(thisPc, ids.lab))).toEqual([]);
  expect(natsMadeIn([run('remove', 5, 'failed'), run('make', 0)]).get(vmIn(thisPc, ids.lab))).toEqual([nat]);
  expect(natsMadeIn([{ ...run('make', 0), trouble: 'newer-schema' }]).size).toBe(0);
});
