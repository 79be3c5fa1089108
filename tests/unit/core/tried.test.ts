/** What was done from here and did not help is remembered, and the next cause is offered. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checksOfHost } from '../../../src/core/checks/all.js';
import type { HostFacts, Tried } from '../../../src/core/machine/machine.js';
import { inVain, stillTried, triedActs, waitsForStart } from '../../../src/core/machine/tried.js';
import { hostOf, machineOf, mei, stranger } from './worlds.js';

const bare = { manufacturer: 'Contoso', model: 'Workstation 7', hypervisorPresent: false, memory: 2 ** 36 };
const day = (n: number): string => `2026-05-${String(n).padStart(2, '0')}T08:00:00.000Z`;
/** The PC on which the finding of each act is there. */
const found: Readonly<Record<Tried['act'], Partial<HostFacts>>> = {
  'hypervisor-auto': { computer: bare, hypervisorProcessors: 0 },
  'enable-hyper-v': { features: { 'Microsoft-Hyper-V': 'disabled' }, services: {}, hypervisorProcessors: undefined },
  'start-service': { services: { vmms: { state: 'Stopped', startMode: 'Auto' } } },
  'join-group': { identity: stranger },
};
const findings = {
  'hypervisor-auto': 'hypervisor',
  'enable-hyper-v': 'hyper-v-role',
  'start-service': 'management-service',
  'join-group': 'rights',
} as const;
const checkOf = (act: Tried['act'], host: Partial<HostFacts>) =>
  checksOfHost(machineOf({ ...found[act], ...host })).find(({ id }) => id === findings[act]);

describe('a remedy that was tried on this PC', () => {
  // Launch type was set, Windows has started again, and no hypervisor runs.
  it.each([
    { source: 'microsoft/WSL#14384', says: '25H2: launch type is auto, every feature on', host: {} },
    { source: 'Raphire/Win11Debloat#463', says: 'no hypervisor present after features were turned on again', host: {} },
    { source: 'microsoft/WSL#14435', says: 'launch type auto, SVM on, systeminfo detects no hypervisor', host: { vbsStatus: 0 } },
    { source: 'microsoft/WSL#5363', says: 'the command changed nothing; resetting the firmware helped', host: {} },
    { source: 'microsoft/WSL#4156', says: 'set back to auto after VMware, and still not', host: {} },
  ])('$source: $says', ({ host }) => {
    const before = checkOf('hypervisor-auto', host);
    expect(before).toMatchObject({ verdict: 'blocker', fix: { act: 'hypervisor-auto' } });
    const tried = [{ act: 'hypervisor-auto', time: day(3) }] as const;
    const waiting = checkOf('hypervisor-auto', { ...host, tried, startedAt: day(1), readAt: day(3) });
    expect(waiting).toMatchObject({ fix: { act: 'restart' }, why: { key: 'checks.hypervisorWaitsWhy' } });
    const after = checkOf('hypervisor-auto', { ...host, tried, startedAt: day(4), readAt: day(5) });
    expect(after).toMatchObject({ verdict: 'blocker', why: { key: 'checks.hypervisorTriedWhy', params: { at: day(3) } } });
    expect(after?.fix).toBeUndefined();
    // The next causes, in their order: what Windows says of it, and its feature off and on.
    expect(after?.commands?.map(({ command }) => command.split(' ')[0])).toEqual([
      'Get-WinEvent', 'Disable-WindowsOptionalFeature', 'Enable-WindowsOptionalFeature',
    ]); // prettier-ignore
  }); // prettier-ignore

  it('canonical/multipass#3090: Hyper-V was turned on, restarted many times, and is not there', () => {
    const tried = [{ act: 'enable-hyper-v', time: day(3) }] as const;
    const waiting = checkOf('enable-hyper-v', { tried, startedAt: day(1), readAt: day(3) });
    expect(waiting).toMatchObject({ title: { key: 'checks.roleWaits' }, fix: { act: 'restart' } });
    const after = checkOf('enable-hyper-v', { tried, startedAt: day(4), readAt: day(5) });
    expect(after).toMatchObject({ why: { key: 'checks.roleTriedWhy', params: { at: day(3) } } });
    expect(after?.fix).toBeUndefined();
    expect(after?.commands).toBeDefined();
  });

  it('a service that was started and stopped again, and a group that was joined and left again', () => {
    for (const act of ['start-service', 'join-group'] as const) {
      const check = checkOf(act, { tried: [{ act, time: day(3) }], startedAt: day(1), readAt: day(4) });
      expect(check?.fix).toBeUndefined();
      expect(check?.commands).toBeDefined();
      expect(check?.why).toMatchObject({ params: { at: day(3) } });
    }
  });

  it('is not judged while the finding is not certain', () => {
    const tried = [{ act: 'hypervisor-auto', time: day(3) }] as const;
    const unread = { tried, startedAt: day(4), readAt: day(5), hypervisorProcessors: undefined, computer: undefined };
    const check = checksOfHost(machineOf(unread)).find(({ id }) => id === 'hypervisor');
    expect(check).toMatchObject({ verdict: 'unknown', why: { key: 'checks.hypervisorUnreadWhy' } });
    expect(stillTried(hostOf(unread))).toEqual(tried);
    expect(inVain(hostOf({ tried, readAt: day(5) }), 'hypervisor-auto')).toBeUndefined();
  });
});

/** What happens to a PC, a day each: something is done, Windows starts, or all is read, and the finding is there or not. */
type Happening = 'done' | 'start' | 'still-so' | 'fine';
const happenings = fc.array(fc.constantFrom<Happening>('done', 'start', 'still-so', 'fine'), { maxLength: 25 });

describe.each(triedActs)('%s', (act) => {
  const needsStart = act === 'hypervisor-auto' || act === 'enable-hyper-v';
  const fine: Partial<HostFacts> = { identity: mei };
  const played = (story: readonly Happening[]) => {
    let tried: readonly Tried[] = [];
    let startedAt = day(1);
    let host = hostOf({ tried, startedAt });
    for (const [index, one] of story.entries()) {
      const time = day(index + 2);
      if (one === 'done') tried = [{ act, time }];
      else if (one === 'start') startedAt = time;
      else {
        host = hostOf({ ...(one === 'fine' ? fine : found[act]), tried, startedAt, readAt: time });
        tried = stillTried(host);
      }
    }
    return host;
  };

  it('is in vain only where it was done, took effect, and the finding is read again since', () => {
    fc.assert(
      fc.property(happenings, (before) => {
        const story: readonly Happening[] = [...before, 'still-so'];
        const since = story.slice(story.lastIndexOf('fine') + 1);
        const done = since.lastIndexOf('done');
        const isInVain = done >= 0 && (!needsStart || since.indexOf('start', done) > done);
        const host = played(story);
        expect(inVain(host, act)?.time).toBe(isInVain ? day(story.lastIndexOf('done') + 2) : undefined);
        expect(waitsForStart(host, act)).toBe(needsStart && done >= 0 && !isInVain);
      }),
    );
  });

  it('is forgotten once it has helped, so that it is offered anew when the finding comes back', () => {
    fc.assert(
      fc.property(happenings, (before) => {
        const host = played([...before, 'fine', 'still-so']);
        expect(inVain(host, act)).toBeUndefined();
        const check = checksOfHost({ ...machineOf(), host }).find(({ id }) => id === findings[act]);
        expect(check?.fix).toMatchObject({ act });
      }),
    );
  });
});
