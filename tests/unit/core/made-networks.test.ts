import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import { expect, test } from 'vitest';
import { madeIn } from '../../../src/core/run/made-networks.js';
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
  expect(madeIn([run('make', 0)]).nats).toEqual(new Map([[vmIn(thisPc, ids.lab), [nat]]]));
});

test('what was undone, or never was made, is not warned of', () => {
  expect(madeIn([run('remove', 5), run('make', 0)]).nats.get(vmIn(thisPc, ids.lab))).toEqual([]);
  expect(madeIn([run('remove', 5, 'failed'), run('make', 0)]).nats.get(vmIn(thisPc, ids.lab))).toEqual([nat]);
  expect(madeIn([{ ...run('make', 0), trouble: 'newer-schema' }]).nats.size).toBe(0);
});

test('the address at which a port was made to lead to a VM is known, whatever has become of the port; the newest counts', () => {
  const to = (address: string, minute: number, vm: string = ids.lab) => {
    const chain = chainOf([stepOf(vm, 1, 'setting')]);
    const made = {
      what: 'mapping',
      at: thisPc,
      id: '3',
      natName: 'LabNAT',
      protocol: 'TCP',
      hostPort: 80,
      address,
      vmPort: 80,
    };
    const events = eventsOf({ kind: 'started' }, stepEvent(chain, 0, 'done', { made }));
    return runOf(planOf([chain]), events, { id: `p${String(minute)}`, order: minute });
  };
  const known = madeIn([to('192.168.100.3', 2), to('192.168.100.2', 1)]).addresses;
  expect(known).toEqual(new Map([[vmIn(thisPc, ids.lab), ['192.168.100.3']]]));
  // Another VM has it by now.
  const taken = madeIn([to('192.168.100.3', 1), to('192.168.100.3', 2, ids.box)]).addresses;
  expect(taken).toEqual(new Map([[vmIn(thisPc, ids.box), ['192.168.100.3']]]));
});
