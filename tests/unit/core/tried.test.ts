/** What was done from here and did not help is remembered, and the next cause is offered. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checksOfHost } from '../../../src/core/checks/all.js';
import { oneShots, type HostFacts, type Tried } from '../../../src/core/machine/machine.js';
import { inVain, stillTried, waitsForStart } from '../../../src/core/machine/tried.js';
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
    const tried = [{ act: 'hypervisor-auto', time: day(3), startedAt: day(1) }] as const;
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
    const tried = [{ act: 'enable-hyper-v', time: day(3), startedAt: day(1) }] as const;
    const waiting = checkOf('enable-hyper-v', { tried, startedAt: day(1), readAt: day(3) });
    expect(waiting).toMatchObject({ title: { key: 'checks.roleWaits' }, fix: { act: 'restart' } });
    const after = checkOf('enable-hyper-v', { tried, startedAt: day(4), readAt: day(5) });
    expect(after).toMatchObject({ why: { key: 'checks.roleTriedWhy', params: { at: day(3) } } });
    expect(after?.fix).toBeUndefined();
    expect(after?.commands).toBeDefined();
  });

  it('awaits no second restart where Windows calls the feature enabled, and its service never came', () => {
    const enabled = {
      features: { 'Microsoft-Hyper-V': 'enabled' as const },
      modules: { 'Hyper-V': 'missing' as const },
      tried: [{ act: 'enable-hyper-v', time: day(3), startedAt: day(1) }] as const,
    };
    const waiting = { ...enabled, startedAt: day(1), readAt: day(3) };
    expect(checkOf('enable-hyper-v', waiting)).toMatchObject({ title: { key: 'checks.roleWaits' }, fix: { act: 'restart' } });
    const after = { ...enabled, startedAt: day(4), readAt: day(5) };
    const check = checkOf('enable-hyper-v', after);
    expect(check).toMatchObject({ title: { key: 'checks.roleLacks' }, why: { key: 'checks.roleTriedWhy' } });
    expect(check?.fix).toBeUndefined();
    expect(check?.commands?.map(({ command }) => command.split(' ')[0])).toContain('DISM.exe');
    // Nothing else on the page begins it anew.
    const offered = checksOfHost(machineOf({ ...found['enable-hyper-v'], ...after })).map(({ fix }) => fix);
    expect(offered).not.toContainEqual({ kind: 'act', act: 'enable-hyper-v' });
    expect(offered).not.toContainEqual({ kind: 'act', act: 'restart' });
  }); // prettier-ignore

  it('tells a restart by the start of Windows, whatever the clock said when it was done', () => {
    for (const act of ['hypervisor-auto', 'enable-hyper-v'] as const)
      for (const time of [day(2), day(20), '9999-12-31T00:00:00.000Z']) {
        const tried = [{ act, time, startedAt: day(9) }];
        const before = hostOf({ ...found[act], tried, startedAt: day(9), readAt: day(10) });
        expect(waitsForStart(before, act)).toBe(true);
        expect(inVain(before, act)).toBeUndefined();
        // The clock was set back, so Windows has started before it did.
        const after = hostOf({ ...found[act], tried, startedAt: day(5), readAt: day(10) });
        expect(waitsForStart(after, act)).toBe(false);
        // A day that is still to come cannot be named.
        expect(inVain(after, act)?.time).toBe(time === day(2) ? time : undefined);
      }
  });

  it('knows of no restart where the start of Windows was not known', () => {
    const tried = [{ act: 'hypervisor-auto', time: day(3) }] as const;
    const host = hostOf({ ...found['hypervisor-auto'], tried, startedAt: day(4), readAt: day(5) });
    expect(waitsForStart(host, 'hypervisor-auto')).toBe(false);
    expect(inVain(host, 'hypervisor-auto')).toBeUndefined();
  });

  it('has helped where a PC that is no VM reports a hypervisor, though who asks cannot count its processors', () => {
    const tried = [{ act: 'hypervisor-auto', time: day(3), startedAt: day(1) }] as const;
    const computer = { ...bare, hypervisorPresent: true };
    const read = { tried, startedAt: day(4), readAt: day(5), hypervisorProcessors: undefined };
    expect(stillTried(hostOf({ ...read, computer }))).toEqual([]);
    // There it is always so, and says nothing.
    const vm = { ...computer, manufacturer: 'Microsoft Corporation', model: 'Virtual Machine' };
    expect(stillTried(hostOf({ ...read, computer: vm }))).toEqual(tried);
    expect(stillTried(hostOf({ ...read, computer, services: undefined }))).toEqual(tried);
  });

  it.each(['join-group', 'start-service'] as const)('%s: what undoes it hours later is still told from the first time', (act) => {
    const tried = [{ act, time: day(3) }] as const;
    // Right after it, all is well.
    expect(stillTried(hostOf({ identity: mei, tried, readAt: '2026-05-03T08:00:10.000Z' }))).toEqual(tried);
    expect(checkOf(act, { tried, readAt: '2026-05-03T09:30:00.000Z' })?.fix).toBeUndefined();
    expect(stillTried(hostOf({ identity: mei, tried, readAt: day(11) }))).toEqual([]);
    expect(stillTried(hostOf({ ...found[act], tried, readAt: day(11) }))).toEqual(tried);
  }); // prettier-ignore

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
const happenings = fc.array(fc.constantFrom<Happening>('done', 'start', 'still-so', 'fine'), { maxLength: 20 });

describe.each(oneShots)('%s', (act) => {
  const needsStart = act === 'hypervisor-auto' || act === 'enable-hyper-v';
  const fine: Partial<HostFacts> = { identity: mei };
  /** What took effect at once may be undone again: it is kept for a week. */
  const forgets = (days: number): boolean => needsStart || days > 7;
  const played = (story: readonly Happening[]) => {
    let tried: readonly Tried[] = [];
    let startedAt = day(1);
    let host = hostOf({ tried, startedAt });
    for (const [index, one] of story.entries()) {
      const time = day(index + 2);
      if (one === 'done') tried = [{ act, time, startedAt }];
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
        const done = story.lastIndexOf('done');
        const isRemembered = done >= 0 && !story.some((one, at) => one === 'fine' && at > done && forgets(at - done));
        const isInVain = isRemembered && (!needsStart || story.indexOf('start', done) > done);
        const host = played(story);
        expect(inVain(host, act)?.time).toBe(isInVain ? day(done + 2) : undefined);
        expect(waitsForStart(host, act)).toBe(needsStart && isRemembered && !isInVain);
      }),
    );
  });

  it('is forgotten once it has helped, so that it is offered anew when the finding comes back', () => {
    fc.assert(
      fc.property(happenings, (before) => {
        const host = played([...before, ...Array<Happening>(needsStart ? 1 : 8).fill('fine'), 'still-so']);
        expect(inVain(host, act)).toBeUndefined();
        const check = checksOfHost({ ...machineOf(), host }).find(({ id }) => id === findings[act]);
        expect(check?.fix).toMatchObject({ act });
      }),
    );
  });
});
