/** A change of several PCs is the sum of its parts: nothing of them is lost, nothing comes twice, and two VMs are never taken for one. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { idOf, rootOf, textOf, thisPc, vmIn, type HostId, type VmRef } from '../../../src/core/cmdlets/ref.js';
import { goalsByPc, joinPlans, joinScripts, nameOn, pcsOf, planOn, scriptOn } from '../../../src/core/change/span.js';
import { renderPlan, toScript } from '../../../src/core/change/script.js';
import type { Chain, Plan } from '../../../src/core/change/step.js';
import { runCalled } from '../../../src/core/run/joint.js';
import { progressOf, stepsOf } from '../../../src/core/run/progress.js';
import type { RunEvent, RunOutcome, RunRecord } from '../../../src/core/run/record.js';
import { hostNamed, otherPc } from './other-pc.js';
import { guid } from './worlds.js';

const third = hostNamed('host-ba9876543210');
const pcs = [thisPc, otherPc, third];
const labels = new Map([
  [thisPc, 'DEV-PC'],
  [otherPc, 'BUILD-01'],
  [third, 'BUILD-02'],
]);
const labelOf = (pc: HostId): string => labels.get(pc) ?? '';
const ids = [guid(1), guid(2), guid(3)];

/** A chain of so many steps. Ids of VMs and names are those of the other PCs too. */
function chainOf(plan: string, vm: VmRef, first: number, steps: number): Chain {
  const id = idOf(vm);
  return {
    vm,
    name: `vm ${id.slice(-1)}`,
    steps: Array.from({ length: steps }, (_, index) => ({
      id: `${plan}-${String(first + index)}`,
      number: first + index,
      vm,
      title: { key: 'plan.nestingOn' },
      do: {
        call: {
          cmdlet: 'Set-VMProcessor',
          params: { ExposeVirtualizationExtensions: true },
          at: rootOf(vm),
          on: { vm: id },
        },
      },
      kind: 'setting',
      changes: [{ path: `${id}/nesting`, from: false, to: true }],
    })),
    power: null,
    basis: [],
    nested: [],
  };
}

interface Shape {
  readonly pc: HostId;
  readonly vms: readonly string[];
  readonly steps: number;
  readonly given: boolean;
}

function planFor({ pc, vms, steps, given }: Shape): Plan {
  const id = `plan-${textOf(pc)}`;
  const refs = vms.map((vm) => vmIn(pc, vm));
  const wants = refs.map((vm) => ({ vm, want: { nesting: true } }));
  return {
    id,
    goal: { kind: 'vms', wants, consents: [] },
    wants,
    readAt: '2026-11-24T08:00:00.000Z',
    chains: refs.map((vm, index) => chainOf(id, vm, 1 + index * steps, steps)),
    consents: [{ consent: 'shut-down', vms: refs, given }],
    oneWay: [],
    blocked: [],
  };
}

const shapeFor = (pc: HostId) =>
  fc.record({
    pc: fc.constant(pc),
    vms: fc.subarray(ids, { minLength: 1 }),
    steps: fc.integer({ min: 1, max: 4 }),
    given: fc.boolean(),
  });
const shapes = fc
  .tuple(fc.subarray(pcs, { minLength: 1 }), ...pcs.map(shapeFor))
  .map(([chosen, ...all]) => all.filter(({ pc }) => chosen.includes(pc)));

const wholeOf = (parts: readonly Plan[]): Pick<Plan, 'id' | 'goal'> => ({
  id: 'whole',
  goal: { kind: 'vms', wants: parts.flatMap(({ wants }) => wants), consents: [] },
});
const joined = (parts: readonly Plan[]): Plan =>
  joinPlans(
    wholeOf(parts),
    parts.map((plan) => ({ plan, label: labelOf(rootOf(plan.chains[0]?.vm ?? thisPc)) })),
  );

describe('a goal of several PCs', () => {
  test('is split so that each VM is asked of its own PC, once, in its order', () => {
    const refs = fc.shuffledSubarray(
      pcs.flatMap((pc) => ids.map((id) => vmIn(pc, id))),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(refs, (vms) => {
        const goal = { kind: 'vms', wants: vms.map((vm) => ({ vm, want: {} })), consents: ['shut-down'] } as const;
        const parts = goalsByPc(goal);
        expect([...parts.keys()]).toEqual([...new Set(vms.map(rootOf))]);
        for (const [pc, { wants, consents }] of parts) {
          expect(wants.map(({ vm }) => vm)).toEqual(vms.filter((vm) => rootOf(vm) === pc));
          expect(consents).toEqual(['shut-down']);
        }
      }),
    );
  });
});

describe('plans of several PCs', () => {
  test('are one: every chain and step once, ids as they were, numbers that run on', () => {
    fc.assert(
      fc.property(shapes, (all) => {
        const parts = all.map(planFor);
        const whole = joined(parts);
        const steps = whole.chains.flatMap((chain) => chain.steps);
        expect(whole.chains.map(({ vm }) => vm)).toEqual(parts.flatMap(({ chains }) => chains.map(({ vm }) => vm)));
        expect(steps.map(({ id }) => id)).toEqual(
          parts.flatMap(({ chains }) => chains.flatMap((chain) => chain.steps.map(({ id }) => id))),
        );
        const numbers = steps.map(({ number }) => number);
        expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
        expect(new Set(whole.chains.map(({ name }) => name)).size).toBe(whole.chains.length);
        expect(whole.consents).toEqual([
          {
            consent: 'shut-down',
            vms: whole.chains.map(({ vm }) => vm),
            given: all.every(({ given }) => given),
          },
        ]);
        expect(pcsOf(whole)).toEqual(all.map(({ pc }) => pc));
      }),
    );
  });

  test('are taken apart again as they were, but for their numbers', () => {
    const unnumbered = ({ chains, ...plan }: Plan) => ({
      ...plan,
      id: '',
      goal: undefined,
      chains: chains.map((chain) => ({ ...chain, steps: chain.steps.map((step) => ({ ...step, number: 0 })) })),
    });
    fc.assert(
      fc.property(shapes, (all) => {
        const parts = all.map(planFor);
        const whole = joined(parts);
        for (const [index, { pc, given }] of all.entries()) {
          const alone = planOn(whole, pc, labelOf(pc));
          const part = parts[index];
          if (!part) throw new Error('no part');
          const { consents, ...rest } = unnumbered(alone);
          const { consents: own, ...expected } = unnumbered(part);
          expect(rest).toEqual(expected);
          expect(consents.map(({ vms }) => vms)).toEqual(own.map(({ vms }) => vms));
          if (!given) expect(consents.every((one) => !one.given)).toBe(true);
        }
      }),
    );
  });

  test('have a script for each PC, with the numbers of its steps, that stops on any other', () => {
    fc.assert(
      fc.property(shapes, (all) => {
        const parts = all.map(planFor);
        const whole = joined(parts);
        const script = joinScripts(parts.map(renderPlan));
        const numberOf = new Map(whole.chains.flatMap(({ steps }) => steps.map(({ id, number }) => [id, number])));
        for (const { step, number } of script) if (step !== null) expect(number).toBe(numberOf.get(step));
        const reads = script.filter(({ step }) => step === null).map(({ number }) => number);
        expect(reads.some((number) => [...numberOf.values()].includes(number))).toBe(false);
        expect(all.flatMap(({ pc }) => scriptOn(script, pc))).toEqual(script);
      }),
    );
    const text = toScript(scriptOn(renderPlan(planFor({ pc: third, vms: ids, steps: 1, given: true })), third), "B'02");
    expect(text).toContain("if ($env:COMPUTERNAME -ne 'B''02') { throw 'made for another PC' }\r\n");
  });

  test('a VM is called by its PC as well, and alone where that is said', () => {
    const plan = joined([
      { ...planFor({ pc: thisPc, vms: ids, steps: 1, given: true }) },
      planFor({ pc: otherPc, vms: ids, steps: 1, given: true }),
    ]);
    expect(plan.chains.map(({ name }) => name)).toContain(nameOn('vm 1', 'BUILD-01'));
    expect(planOn(plan, otherPc, 'BUILD-01').chains.map(({ name }) => name)).toEqual(['vm 1', 'vm 2', 'vm 3']);
  });

  test('what is remarked of one PC is said of no other', () => {
    const remark = {
      id: 'network',
      vm: guid(1),
      verdict: 'warning',
      title: { key: 'ports.open', params: { vm: 'vm 1' } },
      why: { key: 'ports.openWhy' },
      evidence: [],
    } as const;
    const [a, b] = [thisPc, otherPc].map((pc) => planFor({ pc, vms: ids, steps: 1, given: true }));
    if (!a || !b) throw new Error('no parts');
    const whole = joined([a, { ...b, remarks: [remark] }]);
    expect(planOn(whole, thisPc, 'DEV-PC').remarks).toBeUndefined();
    expect(planOn(whole, otherPc, 'BUILD-01').remarks).toHaveLength(1);
  });
});

/** A run of a part: each step begins and ends, a second between two of them. `until`: so many events are known. */
function recordFor(
  plan: Plan,
  { part, parts, begins, outcome }: { part: number; parts: number; begins: number; outcome: RunOutcome },
): RunRecord {
  const told = [
    { kind: 'started' as const },
    ...plan.chains.flatMap(({ vm, steps }) =>
      steps.flatMap(({ id }) =>
        (['running', 'done'] as const).map((state) => ({ kind: 'step' as const, vm, step: id, state })),
      ),
    ),
    { kind: 'ended' as const, outcome },
  ];
  const id = `run of ${plan.id}`;
  const events = told.map((one, seq): RunEvent => {
    const time = new Date(Date.UTC(2026, 10, 24, 8, 0, 0) + (begins + seq) * 1000).toISOString();
    return { ...one, run: id, seq, time, elapsed: seq };
  });
  const { goal } = plan;
  const head = { id, schema: 1, order: 1, appVersion: '0.1.0', goal, plan };
  return { ...head, span: { id: 'whole', part, parts }, events, outcome };
}

/** Without what is not known yet. */
const until = ({ outcome, ...record }: RunRecord, count: number): RunRecord =>
  count >= record.events.length
    ? { ...record, ...(outcome && { outcome }) }
    : { ...record, events: record.events.slice(0, count) };

const runs = fc
  .tuple(shapes, fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 3, maxLength: 3 }))
  .map(([all, begins]) =>
    all.map((shape, index) =>
      recordFor(planFor(shape), {
        part: index + 1,
        parts: all.length,
        begins: begins[index] ?? 0,
        outcome: index === 1 ? 'failed' : 'done',
      }),
    ),
  );
function whole(records: readonly RunRecord[]): RunRecord {
  const run = runCalled('whole', records, labelOf);
  if (!run) throw new Error('no run');
  return run;
}

describe('runs of several PCs', () => {
  test('are one: every event of a step once and in the order of its PC, counted from when the first began', () => {
    fc.assert(
      fc.property(runs, (parts) => {
        const run = whole(parts);
        const { events } = run;
        expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));
        expect(events.map(({ time }) => time)).toEqual(events.map(({ time }) => time).toSorted());
        expect(new Set(events.map(({ run: id }) => id))).toEqual(new Set(['whole']));
        expect(events[0]?.kind).toBe('started');
        const began = Date.parse(events[0]?.time ?? '');
        for (const { time, elapsed } of events) expect(elapsed * 1000).toBe(Date.parse(time) - began);
        for (const part of parts) {
          const own = part.events.flatMap((event) => (event.kind === 'step' ? [`${event.step} ${event.state}`] : []));
          const pc = rootOf(part.plan.chains[0]?.vm ?? thisPc);
          const there = events.flatMap((event) =>
            event.kind === 'step' && rootOf(event.vm) === pc ? [`${event.step} ${event.state}`] : [],
          );
          expect(there).toEqual(own);
        }
        expect(events.filter(({ kind }) => kind === 'ended')).toHaveLength(1);
        expect(stepsOf(run).every(({ state }) => state === 'done')).toBe(true);
        expect(run.outcome).toBe(parts.length > 1 ? 'partly' : 'done');
      }),
    );
  });

  test('are over when all of them are, and are read the same whether told one by one or at once', () => {
    fc.assert(
      fc.property(runs, fc.infiniteStream(fc.nat()), (parts, choice) => {
        const known = parts.map(() => 1);
        for (;;) {
          const open = parts.flatMap(({ events }, index) => ((known[index] ?? 0) < events.length ? [index] : []));
          const now = whole(parts.map((part, index) => until(part, known[index] ?? 0)));
          const progress = progressOf(now.plan, now.events);
          expect(progress.outcome === undefined).toBe(open.length > 0);
          expect(progress).toEqual(progressOf({ ...now.plan }, now.events));
          const next = open[choice.next().value % Math.max(1, open.length)];
          if (next === undefined) return;
          known[next] = (known[next] ?? 0) + 1;
        }
      }),
      { numRuns: 25 },
    );
  });

  test('are over with what was cut short once that is settled: done in part, at the last that is known of it', () => {
    const how = fc.constantFrom('finished' as const, 'undone' as const, 'left' as const);
    fc.assert(
      fc.property(runs, fc.nat(), fc.nat(), how, (parts, which, count, settled) => {
        const cut = which % parts.length;
        const [record, others] = [parts[cut], parts.filter((_, index) => index !== cut)];
        if (!record) throw new Error('no part');
        const short = until(record, count % record.events.length);
        expect(whole(parts.with(cut, short)).outcome).toBeUndefined();
        const run = whole(parts.with(cut, { ...short, settled }));
        expect(run.outcome).toBe('partly');
        const known = [short, ...others].flatMap(({ events }) => events.map(({ time }) => time)).toSorted();
        expect(run.events.at(-1)).toMatchObject({ kind: 'ended', outcome: 'partly', time: known.at(-1) ?? '' });
      }),
    );
  });

  test('what was made of an event stays what it was as others come', () => {
    const [a, b] = [thisPc, otherPc].map((pc, index) =>
      recordFor(planFor({ pc, vms: ids, steps: 2, given: true }), {
        part: index + 1,
        parts: 2,
        begins: index,
        outcome: 'done',
      }),
    );
    if (!a || !b) throw new Error('no parts');
    const before = whole([until(a, 3), until(b, 2)]);
    const after = whole([until(a, 4), until(b, 2)]);
    expect(after.plan).toBe(before.plan);
    for (const [index, event] of before.events.entries()) expect(after.events[index]).toBe(event);
  });

  test('a chain that is planned anew keeps the numbers and the name of the whole', () => {
    const plan = planFor({ pc: otherPc, vms: [guid(1)], steps: 2, given: true });
    const [chain] = plan.chains;
    if (!chain) throw new Error('no chain');
    const record = recordFor(plan, { part: 2, parts: 2, begins: 0, outcome: 'done' });
    const [started] = record.events;
    if (!started) throw new Error('not started');
    const anew: RunEvent = { ...started, seq: 1, kind: 'replanned', vm: chain.vm, because: [], chain };
    const other = recordFor(planFor({ pc: thisPc, vms: [guid(1)], steps: 2, given: true }), {
      part: 1,
      parts: 2,
      begins: 0,
      outcome: 'done',
    });
    const run = whole([other, { ...record, events: [started, anew] }]);
    const [, replanned] = progressOf(run.plan, run.events).chains;
    expect(replanned?.chain.name).toBe(nameOn('vm 1', 'BUILD-01'));
    expect(replanned?.steps.map(({ step }) => step.number)).toEqual([4, 5]);
  });

  test('an undo of several is that of the whole, and is marked when all of it is undone', () => {
    const shape = (pc: HostId) => planFor({ pc, vms: [guid(1)], steps: 1, given: true });
    const made = [thisPc, otherPc].map((pc, index) =>
      recordFor(shape(pc), { part: index + 1, parts: 2, begins: 0, outcome: 'done' }),
    );
    const undos = made.map((record, index): RunRecord => {
      const goal = { kind: 'undo', run: record.id, consents: [] } as const;
      return {
        ...record,
        id: `undo of ${record.id}`,
        goal,
        plan: { ...record.plan, id: `undo ${record.plan.id}`, goal },
        span: { id: 'back', part: index + 1, parts: 2 },
      };
    });
    expect(runCalled('back', [...undos, ...made], labelOf)?.goal).toEqual({ kind: 'undo', run: 'whole', consents: [] });
    const [first, second] = made.map((record, index): RunRecord => ({ ...record, undoneBy: undos[index]?.id ?? '' }));
    if (!first || !second) throw new Error('no parts');
    const { undoneBy: _undone, ...half } = second;
    expect(runCalled('whole', [first, half, ...undos], labelOf)?.undoneBy).toBeUndefined();
    expect(runCalled('whole', [first, second, ...undos], labelOf)?.undoneBy).toBe('back');
  });

  test('one that is of one PC is what it was', () => {
    const record = recordFor(planFor({ pc: thisPc, vms: ids, steps: 1, given: true }), {
      part: 1,
      parts: 1,
      begins: 0,
      outcome: 'done',
    });
    expect(runCalled(record.id, [record], labelOf)).toBe(record);
    expect(runCalled('another', [record], labelOf)).toBeUndefined();
  });
});
