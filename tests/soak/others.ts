/** What goes on beside the app: somebody else works on the same PC, and one of its guests answers as it likes. */
import { vmIn, thisPc } from '../../src/core/cmdlets/ref.js';
import { sleep } from '../../simulator/clock.js';
import { byId, GiB, vm } from '../../simulator/scenarios/build.js';
import { local, windowsGuest } from '../../simulator/scenarios/guests.js';
import { labOf } from '../../simulator/scenarios/trouble.js';
import type { Simulator } from '../../simulator/simulator.js';
import type { WireReply, WireRequest } from '../../simulator/wire.js';
import type { GuestLie, SimulatedVm, World } from '../../simulator/world.js';
import type { Account } from '../faults/wire.js';

const lab = 100;

/** A hundred VMs, two of them with Windows that can be entered: `friend`, and `stranger`, which misbehaves. */
export function soakWorld(): { readonly world: World; readonly accounts: readonly Account[] } {
  const world = labOf(lab - 2);
  const guests = ['friend', 'stranger'].map((name) =>
    vm(world.newId, {
      name,
      state: 'Running',
      settings: { startup: 4 * GiB, nesting: true },
      guest: { machine: windowsGuest({ name: name.toUpperCase(), users: [local('dev', name)] }) },
    }),
  );
  for (const [id, one] of byId(guests)) world.host.vms.set(id, one);
  return { world, accounts: guests.map(({ id, name }) => ({ at: vmIn(thisPc, id), userName: 'dev', password: name })) };
}

/** Every few simulated seconds VMs are started, ended, renamed, set, deleted and made; there are always as many. */
export async function somebodyElse(
  { outside, world, clock }: Simulator,
  random: () => number,
  until: () => boolean,
): Promise<void> {
  // prettier-ignore
  const one = (): SimulatedVm | undefined => {
    const vms = [...world.host.vms.values()].filter(({ name }) => name.startsWith('lab-'));
    return vms[Math.floor(random() * vms.length)];
  };
  const steady = ['Running', 'Off', 'Saved', 'Paused'];
  for (let count = 1; !until(); count++) {
    await sleep(clock, 3);
    const vm1 = one();
    if (!vm1) continue;
    const act = Math.floor(random() * 6);
    if (act === 0 && steady.includes(vm1.state)) outside.put(vm1.id, vm1.state === 'Running' ? 'Off' : 'Running');
    else if (act === 1) outside.rename(vm1.id, `lab-renamed-${String(count)}`);
    else if (act === 2) outside.set(vm1.id, { stopAction: random() < 0.5 ? 'Save' : 'TurnOff' });
    else if (act === 3) outside.removeCheckpoint(vm1.id, outside.checkpoint(vm1.id, `before ${String(count)}`));
    else if (act === 4) outside.set(vm1.id, { nesting: random() < 0.5 });
    else {
      outside.remove(vm1.id);
      outside.add(vm(world.newId, { name: `lab-made-${String(count)}`, state: random() < 0.5 ? 'Running' : 'Off', settings: { startup: GiB } })); // prettier-ignore
    }
  }
}

type Mood = 'well' | 'hangs' | 'lies' | 'floods' | 'frames' | 'flood of frames';
const moods: readonly Mood[] = ['well', 'hangs', 'lies', 'floods', 'frames', 'flood of frames'];
/** Simulated seconds of each. */
const MOOD = 120;

/** What its answers become: not of the type that was asked for, the PC's own VMs as its own, or ever more rows. */
function worse(reply: WireReply, mood: Mood, world: World, random: () => number): WireReply {
  const [own = ''] = world.host.vms.keys();
  const strange = [null, { toString: 1 }, [[[]]], 'x'.repeat(10_000), -1e308, '\u202E', own];
  const lie = (row: WireReply['rows'][number]): WireReply['rows'][number] =>
    Object.fromEntries(Object.keys(row).map((name) => [name, strange[Math.floor(random() * strange.length)]]));
  if (mood === 'lies') return { ...reply, rows: reply.rows.map(lie) };
  const [first] = reply.rows;
  return mood === 'floods' && first ? { ...reply, rows: Array.from({ length: 20_000 }, () => first) } : reply;
}

/** Texts that look like what the bridge itself would say, in place of what its PowerShell answers. */
function framesOf(mood: Mood): GuestLie | undefined {
  const text = '{"id":1,"ok":true,"results":[]}';
  if (mood === 'frames') return { instead: 'answers', objects: [{ text }], copies: 3 };
  return mood === 'flood of frames' ? { instead: 'answers', objects: [{ text, times: 200_000 }] } : undefined;
}

/** Everything that is asked inside `stranger`, each mood in turn. */
export function misbehave(simulator: Simulator, random: () => number): void {
  const { world, clock } = simulator;
  const stranger = simulator.outside.vm('stranger');
  const invoke = simulator.invoke.bind(simulator);
  const began = clock.now();
  simulator.invoke = async (request: WireRequest): Promise<WireReply> => {
    const mood = moods[Math.floor((clock.now() - began) / 1000 / MOOD) % moods.length] ?? 'well';
    const lie = framesOf(mood);
    if (lie) stranger.guest.lie = lie;
    else delete stranger.guest.lie;
    if (request.machine.split('/')[0] !== stranger.id) return await invoke(request);
    if (mood === 'hangs') await new Promise(() => undefined);
    return worse(await invoke(request), mood, world, random);
  };
}
