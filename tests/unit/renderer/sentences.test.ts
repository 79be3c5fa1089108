import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import { describe, expect, it } from 'vitest';
import type { RunHappening } from '../../../src/core/run/record.js';
import { agreedTo, consentsOf, waitsFor } from '../../../renderer/wizard/consents.js';
import { changesBetween } from '../../../renderer/wizard/changed.js';
import { endingOf, waysOn } from '../../../renderer/wizard/ending.js';
import { groupsOf, numbersAt } from '../../../renderer/wizard/groups.js';
import { settingOf } from '../../../renderer/wizard/path.js';
import { progressOf } from '../../../src/core/run/progress.js';
import { about, applyLabel, headline, lead, took } from '../../../renderer/wizard/sentences.js';
import { titleOfRun, titleOfWants } from '../../../renderer/wizard/titles.js';
import { translator } from '../../../src/text/index.js';
import { otherPc } from '../core/other-pc.js';
import {
  adapterOf,
  changeOf,
  chainOf,
  eventsOf,
  ids,
  planOf,
  restartChain,
  runOf,
  stepEvent,
  stepOf,
} from './fixtures.js';

const t = translator('en');
const zh = translator('zh-CN');
const running = (): boolean => false;
const off = (): boolean => true;
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

const oneSetting = chainOf([stepOf(ids.box, 1, 'setting', [changeOf(ids.box, 'nesting', false, true)])], {
  name: 'dev-box',
});
const upgrade = (): ReturnType<typeof planOf> => {
  const path = changeOf(ids.box, 'version', '9.0', '12.0');
  const chain = chainOf(
    [stepOf(ids.box, 1, 'one-way', [path]), stepOf(ids.box, 2, 'setting', [changeOf(ids.box, 'nesting', false, true)])],
    { name: 'dev-box' },
  );
  return planOf([chain], {
    oneWay: [{ vm: vmIn(thisPc, ids.box), path: path.path, reason: { key: 'app.name' } }],
    consents: [{ consent: 'upgrade-version', vms: [vmIn(thisPc, ids.box)], given: false }],
  });
};

describe('the sentence over a review', () => {
  it('says that a running VM restarts, for how long, and what can be undone', () => {
    const plan = planOf([restartChain()]);
    expect(headline(t, plan)).toBe('Lab DC 01 restarts, and 2 settings change.');
    expect(lead(t, plan, running)).toBe('Downtime: about 1½ minutes. You can undo all of it, with one more restart.');
    expect(headline(zh, plan)).toBe('“Lab DC 01”将重启，更改 2 项设置。');
    expect(lead(zh, plan, running)).toBe('停机约 1 分半钟。全部可以撤消，撤消时再重启一次。');
  });

  it('sums up the memory that many take at their next start', () => {
    const memory = (id: string, from: number, to: number) =>
      chainOf([stepOf(id, 1, 'setting', [changeOf(id, 'memory.startup', from * 2 ** 30, to * 2 ** 30)])], {
        vm: vmIn(thisPc, id),
      });
    const more = planOf([memory(ids.box, 1, 4), memory(ids.lab, 2, 4)]);
    expect(plain(lead(t, more, off))).toContain(plain(t('wizard.memoryMoreInAll', { memory: 5 * 2 ** 30 })));
    const less = planOf([memory(ids.box, 8, 4), memory(ids.lab, 2, 4)]);
    expect(plain(lead(t, less, off))).toContain(plain(t('wizard.memoryLessInAll', { memory: 2 * 2 ** 30 })));
    expect(lead(t, planOf([memory(ids.box, 1, 4)]), off)).not.toContain('in all');
  });

  it('says that nothing stops for a VM that is off', () => {
    const plan = planOf([oneSetting]);
    expect(headline(t, plan)).toBe('1 setting of dev-box changes.');
    expect(lead(t, plan, off)).toBe('It’s off, so there’s no downtime. You can undo all of it.');
    expect(lead(t, plan, running)).toBe('No downtime. You can undo all of it.');
  });

  it('says before what cannot be undone', () => {
    const plan = upgrade();
    expect(headline(t, plan)).toBe('dev-box is upgraded to configuration version 12.0 for good.');
    expect(lead(t, plan, off)).toContain(
      'It’s off, so there’s no downtime. You can undo everything except the configuration version.',
    );
  });

  it('says that a pause is used up, though every setting goes back', () => {
    const plan = planOf([oneSetting], {
      oneWay: [{ vm: vmIn(thisPc, ids.box), path: `${ids.box}/power`, reason: { key: 'app.name' } }],
    });
    expect(lead(t, plan, running)).toContain(
      'No downtime. You can undo all settings, but not the paused or saved state.',
    );
  });

  it('never invents a time that was not measured', () => {
    const chain = restartChain();
    const plan = planOf([chain.power ? { ...chain, power: { ...chain.power, estimate: {} } } : chain]);
    expect(lead(t, plan, running)).toContain(
      'It’s off during the change. Hypernest hasn’t measured for how long yet. You can undo all of it, with one more restart.',
    );
  });

  it('counts for many', () => {
    const plan = planOf([
      restartChain(),
      restartChain(ids.box, 5, 'dev-box'),
      { ...oneSetting, vm: vmIn(thisPc, 'x') },
    ]);
    expect(headline(t, plan)).toBe('3 VMs change; 2 of them restart.');
    const one = planOf([restartChain(), { ...oneSetting, vm: vmIn(thisPc, 'x') }]);
    expect(headline(t, one)).toBe('2 VMs change; 1 of them restarts.');
  });

  it('says how many values go back', () => {
    const plan = planOf([oneSetting], { goal: { kind: 'undo', run: 'r1', consents: [] } });
    const row = { vm: vmIn(thisPc, ids.box), name: 'dev-box', found: false, wrote: true, now: true } as const;
    const rows = [
      { ...row, path: changeOf(ids.box, 'nesting', 0, 0).path, verdict: 'undo' as const },
      { ...row, path: changeOf(ids.box, 'stopAction', 0, 0).path, verdict: 'somebody-else' as const },
    ];
    expect(headline(t, plan, rows)).toBe('1 of 2 settings will be undone.');
    expect(lead(t, plan, off), 'the foot says that an undo can be undone').toBe(t('wizard.offSoNothingStops'));
    expect(applyLabel(plan)).toEqual({ key: 'wizard.undoNow' });
  });

  it('counts what goes back on each PC, though two VMs have one id', () => {
    const there = { ...oneSetting, vm: vmIn(otherPc, ids.box) };
    const plan = planOf([oneSetting, there], { goal: { kind: 'undo', run: 'r1', consents: [] } });
    expect(headline(t, plan, [])).toBe(t('wizard.undoManyHeadline', { count: 2, machines: 2 }));
  });
});

describe('an estimate', () => {
  it.each([
    [1, 'about a second'],
    [7, 'about 7 s'],
    [48, 'about 50 s'],
    [60, 'about 1 minute'],
    [84, 'about 1½ minutes'],
    [118, 'about 2 minutes'],
    [640, 'about 11 minutes'],
  ])('of %i s is %s', (seconds, words) => {
    expect(plain(about(t, seconds))).toBe(words);
  });
});

describe('a measured time', () => {
  it('keeps tenths only where they say something', () => {
    expect([0.02, 0.42, 3, 46.2, 89].map((seconds) => plain(took(t, seconds)))).toEqual([
      '0.1 s',
      '0.4 s',
      '3 s',
      '46 s',
      '1 min 29 s',
    ]);
  });
});

describe('the button', () => {
  it('says the verb, and power where it is touched', () => {
    expect(applyLabel(planOf([restartChain()]))).toEqual({ key: 'wizard.shutDownAndApply' });
    expect(applyLabel(planOf([oneSetting]))).toEqual({ key: 'wizard.apply' });
    expect(applyLabel(upgrade())).toEqual({ key: 'wizard.upgradeAndApply' });
  });

  it('waits for the tick of what cannot be undone, and says why', () => {
    const plan = upgrade();
    const asks = consentsOf(t, plan);
    expect(asks.map(({ what }) => what)).toEqual(['Upgrade dev-box to 12.0.']);
    expect(waitsFor(asks, new Set())).toEqual({ key: 'wizard.waitsForVersion' });
    expect(waitsFor(asks, new Set(['upgrade-version']))).toBeNull();
    expect(agreedTo(plan, new Set(['upgrade-version']))).toEqual(['upgrade-version']);
  });

  it('agrees to shutting down by itself, and to nothing else', () => {
    const plan = planOf([restartChain()], {
      consents: [
        { consent: 'shut-down', vms: [vmIn(thisPc, ids.lab)], given: false },
        { consent: 'drop-saved-state', vms: [vmIn(thisPc, ids.lab)], given: false },
      ],
    });
    expect(agreedTo(plan, new Set())).toEqual(['shut-down']);
  });
});

describe('many chains', () => {
  it('that do the same are shown once, with all their step numbers', () => {
    const plan = planOf([restartChain(), restartChain(ids.box, 5, 'dev-box'), oneSetting]);
    const groups = groupsOf(plan.chains);
    expect(groups.map(({ chains }) => chains.length)).toEqual([2, 1]);
    expect(groups[0] && numbersAt(groups[0], 0)).toEqual([2, 6]);
  });

  it('stay apart where VMs inside go down', () => {
    const other = { ...restartChain(ids.box, 5), nested: [{ name: 'web', state: 'Running' as const }] };
    expect(groupsOf([restartChain(), other])).toHaveLength(2);
  });
});

describe('a plan that took the place of another', () => {
  it('says which facts changed', () => {
    const before = planOf([{ ...oneSetting, basis: [{ path: `${ids.box}/stopAction`, value: 'Save' }] }]);
    const after = planOf([{ ...oneSetting, basis: [{ path: `${ids.box}/stopAction`, value: 'TurnOff' }] }]);
    expect(changesBetween(before, after)).toEqual([{ path: `${ids.box}/stopAction`, from: 'Save', to: 'TurnOff' }]);
    expect(changesBetween(before, before)).toEqual([]);
  });
});

describe('the path of a value', () => {
  it('is taken apart even with the slashes and backslashes of an adapter id', () => {
    expect(settingOf(`${ids.lab}/adapters/${adapterOf(ids.lab)}/macSpoofing`)).toEqual({
      vm: ids.lab,
      isInside: false,
      key: 'macSpoofing',
      adapter: adapterOf(ids.lab),
    });
    expect(settingOf(`${ids.lab}/memory.startup`)).toEqual({
      vm: ids.lab,
      isInside: false,
      key: 'memory.startup',
    });
    expect(settingOf(`${ids.lab}/${ids.lab}/adapters/${adapterOf(ids.lab)}/switch`)).toMatchObject({
      vm: ids.lab,
      isInside: true,
      key: 'switch',
    });
  });
});

describe('the title', () => {
  const nameOf = (): string => 'Lab DC 01';
  it('names the machine, or how many', () => {
    const want = { vm: vmIn(thisPc, ids.lab), want: { nesting: true } };
    expect(titleOfWants(t, [want], nameOf)).toBe('Turn on nested virtualization for Lab DC 01');
    expect(titleOfWants(t, [want, { ...want, vm: vmIn(thisPc, ids.box) }], nameOf)).toBe(
      'Turn on nested virtualization for 2 VMs',
    );
    expect(titleOfWants(t, [want, { ...want, vm: vmIn(thisPc, ids.box), want: { power: 'off' } }], nameOf)).toBe(
      'Settings of 2 VMs',
    );
  });
});

describe('the title of a run', () => {
  it('names a VM inside another as its plan does', () => {
    const outer = restartChain();
    const nested = { ...outer, vm: vmIn(outer.vm, ids.lab), name: 'web' };
    const wants = [{ vm: nested.vm, want: { nesting: true } }];
    const run = runOf(planOf([outer, nested], { goal: { kind: 'vms', wants, consents: [] } }), []);
    expect(titleOfRun(t, { ...run, goal: run.plan.goal }, [])).toBe('Turn on nested virtualization for web');
  });
});

describe('the end of a run', () => {
  const chain = restartChain();
  const plan = planOf([chain]);

  it('says what is possible now, and how long it was off', () => {
    const all = [0, 1, 2, 3].flatMap((n) => [stepEvent(chain, n, 'running'), stepEvent(chain, n, 'done')]);
    const progress = progressOf(plan, eventsOf({ kind: 'started' }, ...all, { kind: 'ended', outcome: 'done' }));
    const ending = endingOf(t, plan, progress);
    expect(ending.headline).toBe('Lab DC 01 can run VMs now.');
    expect(plain(ending.lead)).toBe('It’s running again. Downtime: 7 s.');
  });

  it('says where it stopped and what is in place, never that it is done', () => {
    const progress = progressOf(
      plan,
      eventsOf(
        stepEvent(chain, 0, 'done'),
        stepEvent(chain, 1, 'done'),
        stepEvent(chain, 2, 'failed', { failure: { kind: 'unexpected' } }),
        { kind: 'ended', outcome: 'failed' },
      ),
    );
    const ending = endingOf(t, plan, progress);
    expect(ending.isGood).toBe(false);
    expect(ending.above).toBe('Stopped at step 3 of 4');
    expect(ending.lead).toBe(
      '1 setting was changed; the steps after it didn’t run. Lab DC 01 ran before, and wasn’t started again.',
    );
  });

  const ended = (...events: readonly RunHappening[]) => progressOf(plan, eventsOf(...events));

  it('recommends to try again, and offers to undo only what was changed', () => {
    const failed = { kind: 'ended', outcome: 'failed' } as const;
    expect(waysOn(ended(stepEvent(chain, 0, 'failed'), failed), true)).toEqual(['again']);
    const half = ended(stepEvent(chain, 0, 'done'), stepEvent(chain, 1, 'done'), stepEvent(chain, 2, 'failed'), failed);
    expect(waysOn(half, true)).toEqual(['again', 'undo']);
    expect(waysOn(half, false), 'a journal of a newer app').toEqual(['again']);
    expect(waysOn(half, true, true), 'a VM that is half made').toEqual(['undo']);
  });

  it('recommends to undo what a person stopped half-way', () => {
    const cancelled = { kind: 'ended', outcome: 'cancelled' } as const;
    const half = ended(stepEvent(chain, 1, 'done'), stepEvent(chain, 2, 'cancelled'), cancelled);
    expect(waysOn(half, true)).toEqual(['undo', 'again']);
  });

  it('offers to turn off, and never recommends it', () => {
    const stopped = {
      kind: 'stopped',
      vm: vmIn(thisPc, ids.lab),
      why: { key: 'app.name' },
      offer: 'turn-off',
    } as const;
    expect(waysOn(ended(stopped, { kind: 'ended', outcome: 'failed' }), true)).toEqual(['again', 'turn-off']);
  });

  it('recommends the off-period where Windows refused it as the machine ran', () => {
    const stopped = {
      kind: 'stopped',
      vm: vmIn(thisPc, ids.lab),
      why: { key: 'app.name' },
      offer: 'while-off',
    } as const;
    const refused = ended(stepEvent(chain, 0, 'failed'), stopped, { kind: 'ended', outcome: 'failed' });
    expect(waysOn(refused, true)).toEqual(['while-off']);
  });

  it('asks for nothing after a run that went well', () => {
    const all = [0, 1, 2, 3].map((n) => stepEvent(chain, n, 'done'));
    expect(waysOn(ended(...all, { kind: 'ended', outcome: 'done' }), true)).toEqual([]);
  });
});
